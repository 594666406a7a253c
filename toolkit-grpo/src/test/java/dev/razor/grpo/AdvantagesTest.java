package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.reward.RewardScore;
import dev.razor.core.testing.Golden;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    private static GrpoConfig config(String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 4);
        all[settings.length] = "reward: one_of";
        all[settings.length + 1] = "learning_rate: 1";
        all[settings.length + 2] = "num_generations: 2";
        all[settings.length + 3] = "scale_rewards: none";
        return GrpoTesting.config(Path.of("data"), Path.of("output"), all);
    }

    private static List<RewardScore> scores(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> new RewardScore(value, new double[] {value}, null))
                .toList();
    }

    /// Groups (1, 0), (1, 1) and (2, 0) with penalties; the middle one takes no part.
    @Test
    void of_takesPenaltiesOff_andLeavesGroupsOut() {
        double[] penalties = {0.5, 0, 9, 9, 0, 1};
        boolean[] live = {true, true, false, false, true, true};
        assertThat(Advantages.of(scores(1, 0, 1, 1, 2, 0), penalties, live, config()))
                .containsExactly(0.25, -0.25, 0, 0, 1.5, -1.5);
        assertThat(Advantages.of(scores(1, 0, 1, 1, 2, 0), penalties, new boolean[6], config()))
                .containsOnly(0);
    }

    @Test
    void of_onesAndZeros_isOneForTheRight() {
        boolean[] live = {true, true, true, false};
        assertThat(Advantages.of(scores(1, 0.9, 1.2, 1), new double[4], live, config("advantage: one_zero")))
                .containsExactly(1, 0, 1, 0);
    }

    /// Limit 10, buffer 4, at most 2: nothing up to 6 tokens, then half a unit a token.
    @Test
    void penalty_growsOverTheBuffer() {
        var keys = new AdvantageArguments(AdvantageArguments.Kind.GROUP, RewardScale.NONE, 4, 2, false);
        assertThat(new double[] {
                    keys.penalty(1, 10),
                    keys.penalty(6, 10),
                    keys.penalty(7, 10),
                    keys.penalty(9, 10),
                    keys.penalty(10, 10)
                })
                .containsExactly(0, 0, 0.5, 1.5, 2);
        var off = new AdvantageArguments(AdvantageArguments.Kind.GROUP, RewardScale.NONE, 0, 2, false);
        assertThat(off.penalty(10, 10)).isZero();
    }

    @Test
    void of_refusesWhatIsNoGroup() {
        assertThatThrownBy(() -> Advantages.of(new double[3], 2, RewardScale.NONE))
                .hasMessage("3 rewards are no groups of 2");
        assertThatThrownBy(() -> Advantages.of(new double[3], 1, RewardScale.NONE))
                .hasMessage("a group needs at least 2 completions, got 1");
    }
}
