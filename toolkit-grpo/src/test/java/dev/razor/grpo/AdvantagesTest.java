package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

final class AdvantagesTest {

    @ParameterizedTest
    @EnumSource(RewardScale.class)
    void of_givesTheReferenceAdvantages(RewardScale scale) {
        JsonNode golden = Golden.json("grpo.json");
        double[] rewards = Arrays.stream(toArray(golden.path("rewards"))).toArray();
        double[] expected =
                Golden.doubles(golden.path("advantages").path(scale.name().toLowerCase(Locale.ROOT)));
        assertThat(Advantages.of(rewards, golden.path("group_size").asInt(), scale))
                .containsExactly(expected, within(1e-6));
    }

    /// The rewards of all groups, one after the other.
    private static double[] toArray(JsonNode rewards) {
        return rewards.valueStream()
                .flatMapToDouble(entry ->
                        Arrays.stream(entry.isArray() ? Golden.doubles(entry) : new double[] {entry.asDouble()}))
                .toArray();
    }

    /// Group (1, 0): mean 1/2, deviation sqrt(1/2); group (3, 3): deviation 0. All four: mean 7/4, squares of the
    /// distances 9/16 + 49/16 + 25/16 + 25/16 = 27/4, over 3 is 9/4, root 3/2.
    @Test
    void of_matchesTwoGroupsByHand() {
        double[] rewards = {1, 0, 3, 3};
        double group = 0.5 / (Math.sqrt(0.5) + 1e-4);
        double batch = 0.5 / (1.5 + 1e-4);
        assertThat(Advantages.of(rewards, 2, RewardScale.NONE)).containsExactly(0.5, -0.5, 0, 0);
        assertThat(Advantages.of(rewards, 2, RewardScale.GROUP))
                .containsExactly(new double[] {group, -group, 0, 0}, within(1e-12));
        assertThat(Advantages.of(rewards, 2, RewardScale.BATCH))
                .containsExactly(new double[] {batch, -batch, 0, 0}, within(1e-12));
        assertThat(Advantages.zeroVarianceGroups(rewards, 2)).isEqualTo(1);
    }

    @Test
    void of_sumsToZeroInEveryGroup() {
        double[] advantages = Advantages.of(new double[] {0.3, 0.9, 0.1, 5, -2, 7}, 3, RewardScale.GROUP);
        assertThat(advantages[0] + advantages[1] + advantages[2]).isCloseTo(0, within(1e-12));
        assertThat(advantages[3] + advantages[4] + advantages[5]).isCloseTo(0, within(1e-12));
    }

    @Test
    void of_refusesWhatIsNoGroup() {
        assertThatThrownBy(() -> Advantages.of(new double[3], 2, RewardScale.NONE))
                .hasMessage("3 rewards are no groups of 2");
        assertThatThrownBy(() -> Advantages.of(new double[3], 1, RewardScale.NONE))
                .hasMessage("a group needs at least 2 completions, got 1");
    }
}
