package dev.razor.grpo.theory;

import static dev.razor.grpo.theory.TabularPolicy.kl;
import static dev.razor.grpo.theory.TabularPolicy.mass;
import static dev.razor.grpo.theory.TabularPolicy.restricted;
import static dev.razor.grpo.theory.TabularPolicy.totalVariation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which right distribution is reached: exact EM and the natural policy gradient come to the base restricted to
/// the right answers, the plain policy gradient does not.
final class ProjectionTest {

    /// Seven answers of which four are right, with probability 0.58.
    private static final double[] BASE = {0.3, 0.15, 0.08, 0.05, 0.22, 0.12, 0.08};

    private static final boolean[] RIGHT = {true, true, true, true, false, false, false};

    /// Five answers of which three are right: restricted to them (0.571, 0.286, 0.143).
    private static final double[] SMALL_BASE = {0.4, 0.2, 0.1, 0.2, 0.1};

    private static final boolean[] SMALL_RIGHT = {true, true, true, false, false};

    /// The advantage of an answer, its reward less the expected one.
    private static double[] advantages(double[] p, boolean[] right) {
        double expected = mass(p, right);
        return IntStream.range(0, p.length)
                .mapToDouble(y -> (right[y] ? 1 : 0) - expected)
                .toArray();
    }

    /// Lemma 5.1: `KL(q || p) = KL(q || p(.|S)) - log p(S)` for every `q` on the right answers, so that
    /// `p(.|S)` is the nearest of them.
    @Test
    void restrictedBase_isTheProjection() {
        double[] target = restricted(BASE, RIGHT);
        double least = kl(target, BASE);
        assertThat(least).isCloseTo(-Math.log(0.58), within(1e-12));
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            double[] q = restricted(
                    random.doubles(BASE.length).map(value -> value + 1e-3).toArray(), RIGHT);
            assertThat(kl(q, BASE))
                    .isCloseTo(kl(q, target) + least, within(1e-12))
                    .isGreaterThan(least);
        }
    }

    /// E-step: the policy restricted to the right answers. M-step: the softmax of highest likelihood there. It
    /// has no maximum (that would be a zero off the right answers), so each step goes as near as 0.1 / 2^t of
    /// the way is left: `KL(q || next) <= -log(1 - 0.1 / 2^t)`, which can be summed.
    @Test
    void exactEm_reachesTheRestrictedBase() {
        TabularPolicy policy = TabularPolicy.of(BASE);
        for (int t = 0; t < 10; t++) {
            double[] p = policy.probabilities();
            double[] q = restricted(p, RIGHT);
            double rest = 0.1 * Math.pow(0.5, t);
            policy = TabularPolicy.of(IntStream.range(0, q.length)
                    .mapToDouble(y -> (1 - rest) * q[y] + rest * p[y])
                    .toArray());
            assertThat(kl(q, policy.probabilities())).isLessThanOrEqualTo(-Math.log(1 - rest));
        }
        assertThat(totalVariation(policy.probabilities(), restricted(BASE, RIGHT)))
                .isLessThan(1e-3);
    }

    /// EM whose M-step follows the likelihood's gradient until `KL(q || next) <= first / 2^t`.
    private static double[] gradientEm(double first) {
        TabularPolicy policy = TabularPolicy.of(SMALL_BASE);
        for (int t = 0; t < 8; t++) {
            double[] q = restricted(policy.probabilities(), SMALL_RIGHT);
            for (double[] p = policy.probabilities(); kl(q, p) > first * Math.pow(0.5, t); p = policy.probabilities()) {
                double[] now = p;
                policy = policy.plus(
                        2,
                        IntStream.range(0, q.length)
                                .mapToDouble(y -> q[y] - now[y])
                                .toArray());
            }
        }
        return policy.probabilities();
    }

    /// M-steps that stop early leave the right answers' proportions wrong, and later ones do not mend that:
    /// what is lost is in proportion to the first error, although the errors' sum is finite. (Proposition A.4,
    /// by which such errors do no harm, asks for a family with an always right member; a full softmax has
    /// none.)
    @Test
    void inexactEm_endsAsFarOffAsItsFirstErrors() {
        double[] target = restricted(SMALL_BASE, SMALL_RIGHT);
        assertThat(totalVariation(gradientEm(5e-4), target)).isLessThan(1e-3).isCloseTo(0.0002, within(1e-4));
        assertThat(totalVariation(gradientEm(1e-2), target)).isCloseTo(0.0049, within(1e-4));
        assertThat(totalVariation(gradientEm(1e-1), target)).isCloseTo(0.0588, within(1e-4));
    }

    /// One gradient step of the M-step is one of the plain policy gradient, divided by the share of right
    /// answers: so that is EM with an M-step of one step.
    @Test
    void gradientOfTheMStep_isThePolicyGradient() {
        double[] q = restricted(BASE, RIGHT);
        double[] rewards = IntStream.range(0, BASE.length)
                .mapToDouble(y -> RIGHT[y] ? 1 : 0)
                .toArray();
        double[] policyGradient = ExpectedLoss.ascent(BASE, rewards);
        for (int y = 0; y < BASE.length; y++) {
            assertThat(policyGradient[y] / mass(BASE, RIGHT)).isCloseTo(q[y] - BASE[y], within(1e-7));
        }
    }

    /// The natural gradient `F^+ g` of a tabular softmax is the advantage itself: `F A = g` with the Fisher
    /// matrix `F = diag(p) - p p^T`.
    @Test
    void advantage_isTheNaturalGradient() {
        double[] advantages = advantages(BASE, RIGHT);
        double mean = IntStream.range(0, BASE.length)
                .mapToDouble(y -> BASE[y] * advantages[y])
                .sum();
        double[] gradient = ExpectedLoss.ascent(BASE, advantages);
        for (int y = 0; y < BASE.length; y++) {
            assertThat(BASE[y] * (advantages[y] - mean)).isCloseTo(gradient[y], within(1e-7));
        }
    }

    /// Logits rise by the advantage, which is the same for all right answers: their proportions stay those of the
    /// base at every step.
    @Test
    void naturalPolicyGradient_reachesTheRestrictedBase() {
        double[] target = restricted(BASE, RIGHT);
        TabularPolicy policy = TabularPolicy.of(BASE);
        for (int step = 0; step < 10; step++) {
            policy = policy.plus(1, advantages(policy.probabilities(), RIGHT));
            assertThat(totalVariation(restricted(policy.probabilities(), RIGHT), target))
                    .isLessThan(1e-12);
        }
        assertThat(totalVariation(policy.probabilities(), target)).isLessThan(1e-3);
    }

    private static double[] policyGradient(TabularPolicy start, int steps, double rate) {
        TabularPolicy policy = start;
        for (int step = 0; step < steps; step++) {
            double[] p = policy.probabilities();
            policy = policy.plus(rate, ExpectedLoss.ascent(p, advantages(p, SMALL_RIGHT)));
        }
        return policy.probabilities();
    }

    /// From right answers at (0.571, 0.286, 0.143) to (0.969, 0.022, 0.007) after 1,000 exact steps of 0.5: a
    /// logit rises by its probability times the advantage, so that the likeliest right answer takes from the
    /// others, and goes on doing so.
    @Test
    void plainPolicyGradient_driftsToOneAnswer() {
        TabularPolicy start = TabularPolicy.of(SMALL_BASE);
        double[] target = restricted(SMALL_BASE, SMALL_RIGHT);
        double[] after = policyGradient(start, 1_000, 0.5);
        assertThat(Arrays.copyOf(after, 3)).containsExactly(new double[] {0.969, 0.022, 0.007}, within(5e-4));
        assertThat(totalVariation(after, target)).isGreaterThan(0.39);
        double[] later = policyGradient(start, 100_000, 0.5);
        assertThat(later[0]).isGreaterThan(0.995);
        assertThat(later[1] + later[2]).isLessThan(0.005);
        double last = target[0];
        for (int steps : new int[] {10, 100, 1_000, 10_000}) {
            double share = restricted(policyGradient(start, steps, 0.5), SMALL_RIGHT)[0];
            assertThat(share).as("share of the likeliest after %d", steps).isGreaterThan(last);
            last = share;
        }
    }

    /// Not for want of small steps: a tenth of the rate and ten times the steps end in the same place.
    @Test
    void plainPolicyGradient_driftsWithSmallStepsToo() {
        TabularPolicy start = TabularPolicy.of(SMALL_BASE);
        assertThat(totalVariation(policyGradient(start, 10_000, 0.05), policyGradient(start, 1_000, 0.5)))
                .isLessThan(2e-3);
    }
}
