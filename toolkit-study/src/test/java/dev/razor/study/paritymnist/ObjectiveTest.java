package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.random.Draws;
import dev.razor.study.paritymnist.Objective.Advantage;
import dev.razor.study.paritymnist.Objective.PolicyGradient;
import dev.razor.study.paritymnist.Objective.Supervised;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ObjectiveTest {

    @Test
    void advantages_handWorked() {
        double[] rewards = {1, 1, 1, 0};

        // mean 3/4, squares 3/16 + 9/16 = 3/4, unbiased std = sqrt(1/4) = 1/2
        assertThat(Advantage.NORMALISED.of(rewards)).containsExactly(new double[] {0.5, 0.5, 0.5, -1.5}, within(1e-7));
        assertThat(Advantage.CENTRED.of(rewards)).containsExactly(0.25, 0.25, 0.25, -0.75);
        assertThat(Advantage.REWARD.of(rewards)).containsExactly(rewards);
    }

    @Test
    void advantages_ofEqualRewards_areZero() {
        assertThat(Advantage.NORMALISED.of(new double[] {1, 1})).containsExactly(0, 0);
        assertThat(Advantage.NORMALISED.of(new double[] {1})).containsExactly(0);
    }

    @Test
    void draw_invertsTheCumulativeDistribution() {
        double[] probabilities = {9, 0.25, 0, 0.5, 0.25, 0};

        assertThat(Objective.draw(0, probabilities, 1, 5)).isZero();
        assertThat(Objective.draw(0.2499, probabilities, 1, 5)).isZero();
        assertThat(Objective.draw(0.25, probabilities, 1, 5)).isEqualTo(2);
        assertThat(Objective.draw(0.7499, probabilities, 1, 5)).isEqualTo(2);
        assertThat(Objective.draw(0.75, probabilities, 1, 5)).isEqualTo(3);
        assertThat(Objective.draw(Math.nextDown(1.0), new double[] {0.3, 0.3, 0.3, 0}, 0, 4))
                .isEqualTo(2);
    }

    @Test
    void policyGradient_weighsTheModelsOwnLabelsByAdvantage() {
        // Row 0 always says 4 for an even digit: all rewards are 1. Row 1 always says 4 for an odd one: all are 0.
        double[] logProbs = new double[20];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        logProbs[4] = 0;
        logProbs[14] = 0;
        byte[] digits = {2, 7};
        double[] weights = new double[20];

        new PolicyGradient(digits, 8, Advantage.REWARD).weigh(new int[] {0, 1}, logProbs, generator(), weights);
        assertThat(weights[4]).isEqualTo(1);
        weights[4] = 0;
        assertThat(weights).containsOnly(0);

        new PolicyGradient(digits, 8, Advantage.NORMALISED).weigh(new int[] {0, 1}, logProbs, generator(), weights);
        assertThat(weights).containsOnly(0);
    }

    @Test
    void policyGradient_inTheMean_isTheExactPolicyGradient() {
        // p(right) = 0.6 + 0.1: E[w_y] = p_y (r_y - 0.7) (G - 1)/G for the centred advantage, p_y r_y for the reward
        double[] p = {0.6, 0.2, 0.1, 0.1, 0, 0, 0, 0, 0, 0};
        double[] logProbs = Arrays.stream(p).map(Math::log).toArray();
        int rounds = 20_000;
        double[] reward = mean(new PolicyGradient(new byte[] {8}, 4, Advantage.REWARD), logProbs, rounds);
        double[] centred = mean(new PolicyGradient(new byte[] {8}, 4, Advantage.CENTRED), logProbs, rounds);

        for (int y = 0; y < 10; y++) {
            double r = y % 2 == 0 ? 1 : 0;
            assertThat(reward[y]).isCloseTo(p[y] * r, within(0.01));
            assertThat(centred[y]).isCloseTo(0.75 * p[y] * (r - 0.7), within(0.01));
        }
    }

    @Test
    void supervised_softTargetsAreTheWeights_sampledOnesAreLabels() {
        double[] targets = new double[20];
        targets[10] = 0.5;
        targets[14] = 0.5;
        double[] weights = new double[10];

        new Supervised(targets, false).weigh(new int[] {1}, new double[10], generator(), weights);
        assertThat(weights).containsExactly(Arrays.copyOfRange(targets, 10, 20));

        double[] sums = mean(new Supervised(targets, true), new int[] {1}, new double[10], 4000);
        assertThat(sums[0]).isCloseTo(0.5, within(0.03));
        assertThat(sums[4]).isCloseTo(0.5, within(0.03));
        assertThat(sums[0] + sums[4]).isCloseTo(1, within(1e-9));
    }

    private static double[] mean(Objective objective, double[] logProbs, int rounds) {
        return mean(objective, new int[] {0}, logProbs, rounds);
    }

    private static double[] mean(Objective objective, int[] rows, double[] logProbs, int rounds) {
        RandomGenerator random = generator();
        double[] sums = new double[10];
        double[] weights = new double[10];
        for (int i = 0; i < rounds; i++) {
            objective.weigh(rows, logProbs, random, weights);
            for (int y = 0; y < 10; y++) {
                sums[y] += weights[y] / rounds;
            }
        }
        return sums;
    }

    private static RandomGenerator generator() {
        return Draws.generator(7);
    }
}
