package dev.razor.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.JsonRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class RewardArgumentsTest {

    @Test
    void score_isTheWeightedSum() {
        RewardArguments arguments = new RewardArguments(
                List.of("science", "format_reasoning_answer", "format_boxed"), List.of(1.0, 0.25, -0.5), 10, List.of());
        JsonRecord record = new JsonRecord(
                Path.of("task.jsonl"), 1, JsonNodeFactory.instance.objectNode().put("answer", "B"));
        try (RewardFunctions rewards = RewardFunctions.open(arguments)) {
            List<RewardScore> scores = rewards.score(List.of(
                    new Answer(record, "<reasoning>r</reasoning><answer>B</answer>"), // 1 + 0.25
                    new Answer(record, "<answer>\\boxed{B}</answer>"), // -0.5
                    new Answer(record, "B"))); // 1

            assertThat(scores).extracting(RewardScore::value).containsExactly(1.25, -0.5, 1.0);
            assertThat(scores.getFirst().parts()).containsExactly(1, 1, 0);
            assertThat(scores).extracting(RewardScore::failure).containsOnlyNulls();
            assertThat(rewards.names()).containsExactly("science", "format_reasoning_answer", "format_boxed");
        }
    }

    @Test
    void failedPart_countsAsNothing() {
        Reward sad = new FormatReward("sad", text -> {
            throw new IllegalStateException("no");
        });
        JsonRecord record = new JsonRecord(Path.of("task.jsonl"), 1, JsonNodeFactory.instance.objectNode());
        try (RewardFunctions rewards = RewardFunctions.of(sad)) {
            RewardScore score = rewards.score(List.of(new Answer(record, "x"))).getFirst();

            assertThat(score.value()).isZero();
            assertThat(score.parts()).containsExactly(Double.NaN);
            assertThat(score.failure()).isEqualTo("sad: threw java.lang.IllegalStateException: no");
        }
    }

    @Test
    void names_ofEqualRewardsAreToldApart() {
        try (RewardFunctions rewards =
                RewardFunctions.open(new RewardArguments(List.of("one_of", "one_of"), null, 10, List.of()))) {
            assertThat(rewards.names()).containsExactly("one_of", "one_of_2");
        }
    }

    @Test
    void arguments_nameWhatThereIs() {
        assertThatThrownBy(() -> RewardArguments.of("sciense"))
                .hasMessage(
                        "reward must be one of [one_of, science, tool_use, tool_use_strict, math, code, format_think_answer,"
                                + " format_reasoning_answer, format_boxed], java:CLASS or program:COMMAND LINE, got sciense;"
                                + " did you mean science?");
        assertThatThrownBy(() -> RewardArguments.of("java:")).hasMessageContaining("must name a class after java:");
        assertThatThrownBy(() -> RewardArguments.of("java:a b")).hasMessageContaining("got java:a b");
        assertThatThrownBy(() -> RewardArguments.of("program: ")).hasMessageContaining("must name a program");
        assertThatThrownBy(() -> new RewardArguments(List.of("math"), List.of(1.0, 2.0), 10, List.of()))
                .hasMessage("reward_weights must have a weight for each of [math], got [1.0, 2.0]");
        assertThatThrownBy(() -> new RewardArguments(List.of("math"), null, 0, List.of()))
                .hasMessage("reward_timeout must be a number of seconds from 0.01 to 86400, got 0.0");
    }

    @Test
    void open_wantsTheClassPathToBeThere() {
        RewardArguments arguments =
                new RewardArguments(List.of("java:com.example.My"), null, 10, List.of(Path.of("build/none.jar")));

        assertThatThrownBy(() -> RewardFunctions.open(arguments))
                .isInstanceOf(ConfigException.class)
                .hasMessage("reward_class_path: there is no file or folder build/none.jar; compile the reward first");
    }
}
