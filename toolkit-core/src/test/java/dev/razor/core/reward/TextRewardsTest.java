package dev.razor.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.testing.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TextRewardsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<reasoning>r</reasoning>\\n<answer>\\nB\\n</answer> | 1",
                "<answer>A</answer> no: <answer>B</answer> | 1",
                "<answer>B</answer> no: <answer>A</answer> | 0",
                "<answer>B | 1",
                "<answer>B</answer> and </answer> more | 1",
                "B | 1",
                "B</answer> | 1",
                "\u00a0\u2003B\u001f | 1",
                "b | 0",
                "B. | 0",
                "The answer is B | 0",
                "<answer></answer> | 0",
                "<Answer>B</Answer> | 0"
            })
    void science_comparesWhatStandsAfterTheLastTag(String completion, double reward) {
        JsonRecord record = record("{\"answer\": \"B\"}");

        assertThat(new Science().score(record, unescaped(completion))).isEqualTo(reward);
    }

    @Test
    @Tag("data")
    void science_acceptsEveryRecordOfTheData() throws Exception {
        List<String> lines =
                Files.readAllLines(SharedData.at("train/sciknoweval/chemistry_L3/molar_weight_calculation.jsonl"));
        assertThat(lines).hasSize(420);
        for (String line : lines) {
            String letter = JSON.readTree(line).get("answerKey").stringValue();
            JsonRecord record =
                    record(JSON.createObjectNode().put("answer", letter).toString());
            new Science().require(record);
            assertThat(new Science()
                            .score(record, "<reasoning>\n...\n</reasoning>\n<answer>\n" + letter + "\n</answer>"))
                    .isEqualTo(1);
            assertThat(new Science().score(record, "<answer>\n" + letter + letter + "\n</answer>"))
                    .isZero();
        }
    }

    @Test
    void science_wantsALetter() {
        assertThatThrownBy(() -> new Science().require(record("{\"answer\": \"Benzene\"}")))
                .isInstanceOf(DataException.class)
                .hasMessage("task.jsonl:3: answer: expected one capital letter, got 'Benzene'");
    }

    /// Values by CPython's `==` of what `json.loads` gives.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1} | {\"a\": 1.0} | 1",
                "{\"a\": true} | {\"a\": 1} | 1",
                "{\"a\": false} | {\"a\": 0.0} | 1",
                "{\"a\": true} | {\"a\": \"true\"} | 0",
                "{\"a\": null} | {\"a\": 0} | 0",
                "{\"a\": NaN} | {\"a\": NaN} | 1",
                "{\"a\": -Infinity} | {\"a\": -1e999} | 1",
                "{\"a\": INF} | {\"a\": Infinity} | 0",
                "{\"a\": 9007199254740993} | {\"a\": 9007199254740992.0} | 0",
                "{\"a\": 9007199254740992} | {\"a\": 9007199254740992.0} | 1",
                "{\"a\": 0.1} | {\"a\": 0.1000000000000000055} | 1",
                "{\"a\": -0.0} | {\"a\": 0} | 1",
                "{\"a\": 1, \"a\": 2} | {\"a\": 2} | 1",
                "{\"a\": 1, \"b\": 2} | {\"b\": 2, \"a\": 1} | 1",
                "{\"a\": [1, 2]} | {\"a\": [2, 1]} | 0",
                "{\"a\": \"x\"} | {\"a\": \"\\u0078\"} | 1",
                "{'a': 1} | {\"a\": 1} | 0",
                "{\"a\": 01} | {\"a\": 1} | 0",
                "{\"a\": 1,} | {\"a\": 1} | 0",
                "{} | {} | 1"
            })
    void toolUse_comparesInputsAsPythonDoes(String made, String gold, double reward) {
        String completion = "Thought: x\nAction: get\nAction Input: " + made;

        assertThat(new ToolUse().score(golden("get", gold), completion)).isEqualTo(reward);
    }

    @Test
    void toolUse_hasTheFaultsOfItsSource_toolUseStrictDoesNot() {
        assertBoth(golden("add", "{\"item\": {\"id\": 1}}"), call("add", "{\"item\": {\"id\": 1}}"), 0, 1);
        // Cut at the first brace and skipped, as the gold is not: nothing is left to compare with.
        assertBoth(golden("add", "{}"), call("add", "{\"item\": {\"id\": 1}}"), 1, 0);
        assertBoth(golden("say", "{\"text\": \"a } b\"}"), call("say", "{\"text\": \"a } b\"}"), 0, 1);
        JsonRecord two = golden("a", "{\"x\": 1}", "b", "{\"x\": 2}");
        assertBoth(two, call("a", "{\"x\": 1}") + call("b", "{\"x\": 2}"), 1, 1);
        assertBoth(two, call("b", "{\"x\": 2}") + call("a", "{\"x\": 1}"), 0, 1);
        assertBoth(two, call("a", "{\"x\": 9}") + call("b", "{\"x\": 2}"), 1, 0);
        assertBoth(two, call("a", "{\"x\": 2}") + call("b", "{\"x\": 1}"), 0, 0);
        assertBoth(golden("a", "{}"), "Action: a", 1, 0);
        assertBoth(golden("a", "{\"x\": 1}"), call("a", "{\"x\": true}"), 1, 0);
        assertBoth(golden("a", "{}", "a", "{}"), call("a", "{}"), 0, 0);
        assertBoth(golden("a", "{}", "a", "{}"), call("a", "{}") + call("a", "{}"), 1, 1);
        // What a string holds is no action, and no input.
        assertBoth(golden("a", "{\"x\": \"Action: b\"}"), call("a", "{\"x\": \"Action: b\"}"), 0, 1);
    }

    @Test
    void toolUse_readsNamesAsPythonsPatternDoes() {
        assertThat(ToolCalls.actions(
                        "Action: get_1\nAction:\u00a0größe²!\nAction: \u0301x\nAction Input: {}\nAction:a-b"))
                .containsExactly("get_1", "größe²", "a");
        assertThat(ToolCalls.flatInputs(
                        "Action Input: {1}Action Input:\n\u2003{2\n}} Action Input: x Action Input: {3"))
                .containsExactly("{1}", "{2\n}");
    }

    @Test
    @Tag("data")
    void toolUse_acceptsTheGoldCallsOfTheData() throws Exception {
        int answers = 0;
        int flat = 0;
        for (String file : List.of("eval_real", "eval_simulated")) {
            for (JsonNode api :
                    JSON.readTree(Files.readString(SharedData.at("train/toolalpaca/%s.json".formatted(file))))) {
                for (JsonNode golden : api.get("Golden_Answers")) {
                    StringBuilder completion = new StringBuilder();
                    for (JsonNode one : golden) {
                        completion.append(call(
                                one.get("Action").stringValue(),
                                one.get("Action_Input").stringValue()));
                    }
                    ObjectNode node = JSON.createObjectNode();
                    node.set("golden_answer", golden);
                    JsonRecord record = new JsonRecord(Path.of("task.jsonl"), 3, node);
                    new ToolUse().require(record);
                    answers++;
                    flat += (int) new ToolUse().score(record, completion.toString());
                    try {
                        new ToolUseStrict().require(record);
                    } catch (DataException e) {
                        continue;
                    }
                    assertThat(new ToolUseStrict().score(record, completion.toString()))
                            .as(golden.toString())
                            .isEqualTo(1);
                    assertThat(new ToolUseStrict().score(record, completion + call("more", "{}")))
                            .isZero();
                }
            }
        }
        assertThat(answers).isEqualTo(137);
        // None of these nests objects, so that the source's pattern reads all.
        assertThat(flat).isEqualTo(137);
    }

    @Test
    void toolUseStrict_wantsInputsThatAreObjects() {
        assertThatThrownBy(() -> new ToolUseStrict().require(golden("a", "[1]")))
                .hasMessage(
                        "task.jsonl:3: golden_answer[0].Action_Input: expected a JSON object in a string, got '[1]'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format_think_answer | <think>t</think><answer>a</answer> | 1",
                "format_think_answer | <think>\\nt\\n</think>\\n<answer>\\na\\n</answer>\\n | 1",
                "format_think_answer | <think>t</think> so <answer>a</answer> | 0",
                "format_think_answer | <think>t</think><answer>a</answer> bye | 0",
                "format_think_answer | <think>t<answer>a</answer></think> | 0",
                "format_think_answer | <think>a</think><think>b</think><answer>a</answer> | 0",
                "format_think_answer | <reasoning>t</reasoning><answer>a</answer> | 0",
                "format_reasoning_answer | <reasoning>t</reasoning> <answer>a</answer> | 1",
                "format_reasoning_answer | <answer>a</answer> | 0",
                "format_boxed | so \\\\boxed{5} | 1",
                "format_boxed | \\\\boxed{5} or \\\\boxed{6} | 0",
                "format_boxed | 5 | 0"
            })
    void format_looksAtTheFormAlone(String reward, String completion, double value) {
        assertThat(Rewards.named(reward).score(record("{}"), unescaped(completion)))
                .isEqualTo(value);
    }

    @Test
    void math_readsAnswersOfSeveralKinds() {
        MathAnswer math = new MathAnswer();
        JsonRecord solution = record("{\"answer\": \"48/2 = <<48/2=24>>24\\n#### 1,024\"}");
        assertThat(math.score(solution, "It is 1024.")).isEqualTo(1);
        assertThat(math.score(solution, "\\boxed{24}")).isZero();
        assertThat(math.score(record("{\"answer\": 0.5}"), "\\boxed{\\frac{1}{2}}"))
                .isEqualTo(1);
        assertThat(math.score(record("{\"answer\": \"5\"}"), "no idea")).isZero();
        assertThat(math.score(record("{\"answer\": \"5\"}"), "\\boxed{" + "5".repeat(20_000) + "}"))
                .isZero();
        assertThatThrownBy(() -> math.require(record("{\"answer\": \" \"}"))).isInstanceOf(DataException.class);
    }

    @Test
    void rewards_areLinearInTheCompletion() {
        JsonRecord record = record(
                "{\"answer\": \"B\", \"answers\": [\"1\"], \"golden_answer\": [{\"Action\": \"a\", \"Action_Input\": \"{}\"}]}");
        for (String part : List.of(
                "<answer>", "Action Input: {", "Action:", "Action: a ", "Action Input:", "{", "\\boxed{", "<think>")) {
            String text = part.repeat(100_000 / part.length());
            for (Reward reward : Rewards.ALL) {
                if (!(reward instanceof Code)) { // which runs programs, in the sandbox
                    Assertions.assertTimeout(Duration.ofSeconds(2), () -> reward.score(record, text));
                }
            }
        }
    }

    private static void assertBoth(JsonRecord record, String completion, double plain, double strict) {
        assertThat(new ToolUse().score(record, completion)).isEqualTo(plain);
        assertThat(new ToolUseStrict().score(record, completion)).isEqualTo(strict);
    }

    private static String call(String action, String input) {
        return "Thought: so\nAction: %s\nAction Input: %s\n".formatted(action, input);
    }

    private static JsonRecord golden(String... actionsAndInputs) {
        ObjectNode node = JSON.createObjectNode();
        for (int i = 0; i < actionsAndInputs.length; i += 2) {
            node.withArray("golden_answer")
                    .addObject()
                    .put("Action", actionsAndInputs[i])
                    .put("Action_Input", actionsAndInputs[i + 1]);
        }
        return new JsonRecord(Path.of("task.jsonl"), 3, node);
    }

    private static JsonRecord record(String json) {
        return new JsonRecord(Path.of("task.jsonl"), 3, (ObjectNode) JSON.readTree(json));
    }

    private static String unescaped(String text) {
        return text.translateEscapes();
    }
}
