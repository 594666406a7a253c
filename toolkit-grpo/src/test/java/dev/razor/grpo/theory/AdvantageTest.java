package dev.razor.grpo.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.grpo.Advantages;
import dev.razor.grpo.RewardScale;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Advantages are control variates: what is taken off the rewards leaves the direction of the expected gradient
/// as it is. The expectation is over every group of four that can be sampled, 625 of them, with its
/// probability.
final class AdvantageTest {

    private static final double[] BASE = {0.4, 0.2, 0.1, 0.2, 0.1};
    private static final double[] REWARDS = {1, 1, 1, 0, 0};
    private static final int GROUP = 4;

    /// The expected direction if a group's rewards are turned into advantages by `method`, `[Y]`.
    private static double[] expected(UnaryOperator<double[]> method) {
        double[] sum = new double[BASE.length];
        int groups = (int) Math.pow(BASE.length, GROUP);
        for (int number = 0; number < groups; number++) {
            int[] answers = new int[GROUP];
            double probability = 1;
            for (int i = 0, rest = number; i < GROUP; i++, rest /= BASE.length) {
                answers[i] = rest % BASE.length;
                probability *= BASE[answers[i]];
            }
            double[] rewards =
                    Arrays.stream(answers).mapToDouble(y -> REWARDS[y]).toArray();
            double[] direction = ExpectedLoss.ascentOfGroup(BASE, answers, method.apply(rewards));
            for (int y = 0; y < sum.length; y++) {
                sum[y] += probability * direction[y];
            }
        }
        return sum;
    }

    /// The gradient of the expected reward: `p(y) (R(y) - J)`, here with `J = 0.7`.
    private static double[] gradient() {
        double[] gradient = new double[BASE.length];
        Arrays.setAll(gradient, y -> BASE[y] * (REWARDS[y] - 0.7));
        return gradient;
    }

    private static double[] times(double factor, double[] values) {
        return Arrays.stream(values).map(value -> factor * value).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.7, -3})
    void constantBaseline_leavesTheGradientAsItIs(double baseline) {
        double[] found = expected(
                rewards -> Arrays.stream(rewards).map(r -> r - baseline).toArray());
        assertThat(found).containsExactly(gradient(), within(1e-6));
    }

    /// A completion's own reward is in its group's mean: the gradient is 3/4 as long in groups of four.
    @Test
    void meanOfTheGroup_shortensTheGradientAlone() {
        double[] found = expected(rewards -> Advantages.of(rewards, GROUP, RewardScale.NONE));
        assertThat(found).containsExactly(times(0.75, gradient()), within(1e-6));
    }

    /// Divided by the group's standard deviation it is longer, by the same factor for all answers to a prompt.
    /// How much depends on the prompt's share of right answers, so that between prompts this is no control
    /// variate.
    @Test
    void deviationOfTheGroup_changesTheLengthAlone() {
        double[] found = expected(rewards -> Advantages.of(rewards, GROUP, RewardScale.GROUP));
        double factor = found[0] / gradient()[0];
        assertThat(factor).isGreaterThan(1.3);
        assertThat(found).containsExactly(times(factor, gradient()), within(1e-6));
    }
}
