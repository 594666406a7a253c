package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The estimators' values, and where their gradients point, by enumeration of a softmax over four tokens.
final class KlEstimatorTest {

    private static final double[] LOGITS = {0.3, -0.7, 1.1, 0.2};
    private static final double[] BASE = softmax(new double[] {-0.4, 0.5, 0.1, 0.9});

    private static double[] softmax(double[] logits) {
        double[] p = new double[logits.length];
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            p[v] = Math.exp(logits[v]);
            sum += p[v];
        }
        for (int v = 0; v < p.length; v++) {
            p[v] /= sum;
        }
        return p;
    }

    private static double kl(double[] p, double[] q) {
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            sum += p[v] * Math.log(p[v] / q[v]);
        }
        return sum;
    }

    /// The derivative of a function of the logits by each of them.
    private static double[] gradient(double[] at, ToDoubleFunction<double[]> function) {
        double[] gradient = new double[at.length];
        for (int v = 0; v < at.length; v++) {
            double[] above = at.clone();
            double[] below = at.clone();
            above[v] += 1e-5;
            below[v] -= 1e-5;
            gradient[v] = (function.applyAsDouble(above) - function.applyAsDouble(below)) / 2e-5;
        }
        return gradient;
    }

    /// `E_y[ slope(d_y) grad log pi(y) ]`, exactly; d log pi(y) / d logit_v = 1[y = v] - pi(v).
    private static double[] expectedSlope(KlEstimator estimator) {
        double[] p = softmax(LOGITS);
        double[] gradient = new double[p.length];
        for (int y = 0; y < p.length; y++) {
            double slope = estimator.slope(Math.log(p[y] / BASE[y]));
            for (int v = 0; v < p.length; v++) {
                gradient[v] += p[y] * slope * ((y == v ? 1 : 0) - p[v]);
            }
        }
        return gradient;
    }

    @Test
    void values_areThoseOfAHandCalculation() {
        double d = Math.log(2);
        assertThat(KlEstimator.K1.value(d)).isEqualTo(d);
        assertThat(KlEstimator.K2.value(d)).isCloseTo(0.2402265, within(1e-7));
        assertThat(KlEstimator.K3.value(d)).isCloseTo(0.5 + d - 1, within(1e-15));
        assertThat(KlEstimator.K3.slope(d)).isCloseTo(0.5, within(1e-15));
        assertThatThrownBy(() -> KlEstimator.EXACT.value(d)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"K1", "K3"})
    void k1AndK3_areUnbiased(KlEstimator estimator) {
        double[] p = softmax(LOGITS);
        double mean = 0;
        for (int y = 0; y < p.length; y++) {
            mean += p[y] * estimator.value(Math.log(p[y] / BASE[y]));
        }
        assertThat(mean).isCloseTo(kl(p, BASE), within(1e-14));
    }

    @ParameterizedTest
    @EnumSource(names = {"K1", "K2", "K3"})
    void slope_isTheDerivativeOfTheValue(KlEstimator estimator) {
        for (double d : new double[] {-1.3, -0.01, 0, 0.4, 2}) {
            double numeric = (estimator.value(d + 1e-6) - estimator.value(d - 1e-6)) / 2e-6;
            assertThat(estimator.slope(d)).isCloseTo(numeric, within(1e-8));
        }
    }

    @Test
    void k1InTheLoss_pullsNowhere() {
        assertThat(expectedSlope(KlEstimator.K1)).containsExactly(new double[4], within(1e-15));
    }

    @Test
    void k2InTheLoss_followsTheReverseKl() {
        assertThat(expectedSlope(KlEstimator.K2))
                .containsExactly(gradient(LOGITS, logits -> kl(softmax(logits), BASE)), within(1e-9));
    }

    @Test
    void k3InTheLoss_followsTheForwardKl() {
        assertThat(expectedSlope(KlEstimator.K3))
                .containsExactly(gradient(LOGITS, logits -> kl(BASE, softmax(logits))), within(1e-9));
    }

    /// Completions of two tokens, each of two, the second's distribution depending on the first: logits
    /// `[first, second after 0, second after 1]`, `y = 1` having the given logit and `y = 0` zero.
    private static double probability(double[] logits, int first, int second) {
        double a = 1 / (1 + Math.exp(-logits[0]));
        double b = 1 / (1 + Math.exp(-logits[1 + first]));
        return (first == 1 ? a : 1 - a) * (second == 1 ? b : 1 - b);
    }

    private static final double[] POLICY_2 = {0.8, -0.3, 0.6};
    private static final double[] BASE_2 = {-0.5, 0.4, -1.2};

    private static double completionKl(double[] logits) {
        double sum = 0;
        for (int y = 0; y < 4; y++) {
            double p = probability(logits, y / 2, y % 2);
            sum += p * Math.log(p / probability(BASE_2, y / 2, y % 2));
        }
        return sum;
    }

    private static double[] scoreFunction(ToDoubleBiFunction<Integer, Integer> value) {
        double[] gradient = new double[3];
        for (int y = 0; y < 4; y++) {
            int first = y / 2;
            int second = y % 2;
            double weight = probability(POLICY_2, first, second) * value.applyAsDouble(first, second);
            double[] score = gradient(POLICY_2, logits -> Math.log(probability(logits, first, second)));
            for (int k = 0; k < 3; k++) {
                gradient[k] += weight * score[k];
            }
        }
        return gradient;
    }

    @Test
    void k1InTheReward_followsTheReverseKlOfWholeCompletions() {
        double[] expected = gradient(POLICY_2, KlEstimatorTest::completionKl);
        assertThat(scoreFunction((first, second) ->
                        Math.log(probability(POLICY_2, first, second) / probability(BASE_2, first, second))))
                .containsExactly(expected, within(1e-9));
    }

    /// As a reward the KL at the prefixes leaves out each token's own part; with it in the loss the gradient is
    /// whole.
    @Test
    void exactInTheReward_withItsTermInTheLoss_followsTheReverseKlOfWholeCompletions() {
        double[] ofReward = scoreFunction((first, _) -> prefixKl(POLICY_2, 0) + prefixKl(POLICY_2, 1 + first));
        double one = 1 / (1 + Math.exp(-POLICY_2[0]));
        double[] ofLoss = gradient(
                POLICY_2, logits -> prefixKl(logits, 0) + (1 - one) * prefixKl(logits, 1) + one * prefixKl(logits, 2));
        double[] sum = new double[3];
        for (int k = 0; k < 3; k++) {
            sum[k] = ofReward[k] + ofLoss[k];
        }
        assertThat(sum).containsExactly(gradient(POLICY_2, KlEstimatorTest::completionKl), within(1e-9));
        assertThat(ofReward[1]).as("nothing of the last token's own").isCloseTo(0, within(1e-9));
    }

    private static double prefixKl(double[] logits, int k) {
        double p = 1 / (1 + Math.exp(-logits[k]));
        double q = 1 / (1 + Math.exp(-BASE_2[k]));
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }
}
