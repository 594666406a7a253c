package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ScoreCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void open() {
        files = new CommandFiles(folder);
    }

    private List<JsonNode> score(List<String> lines, Object... more) throws IOException {
        Path input = files.write("in.jsonl", lines.toArray(String[]::new));
        Path output = folder.resolve("out.jsonl");
        Files.deleteIfExists(output);
        List<Object> arguments = new ArrayList<>(
                List.of("score", Golden.model(), "--input", input, "--output", output, "--device", "cpu"));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("wrote " + output + ", " + lines.size() + " lines");
        return CommandFiles.lines(output);
    }

    private static ObjectNode object() {
        return CommandFiles.JSON.createObjectNode();
    }

    @Test
    void score_givesTheReferenceLogProbs_inTheOrderOfTheInput() throws IOException {
        JsonNode prompts = Golden.json("prompts.json").path("prompts");
        JsonNode expected = Golden.json("logprobs.json").path("logprobs");
        List<String> lines = new ArrayList<>();
        for (JsonNode prompt : prompts) {
            int[] ids = Golden.ids(prompt.path("ids"));
            ObjectNode line = object().put("id", "prompt " + lines.size());
            line.putArray("prompt_ids").add(ids[0]);
            Arrays.stream(ids).skip(1).forEach(line.putArray("completion_ids")::add);
            lines.add(line.toString());
        }
        for (int batchSize : new int[] {1, 3}) {
            List<JsonNode> found = score(lines, "--batch-size", batchSize);
            for (int i = 0; i < lines.size(); i++) {
                JsonNode one = found.get(i);
                double[] logProbs = Golden.doubles(expected.get(i));
                assertThat(one.path("id").asString()).isEqualTo("prompt " + i);
                assertThat(Golden.doubles(one.path("logprobs"))).containsExactly(logProbs, within(1e-4));
                assertThat(one.path("sum_logprob").asDouble())
                        .isCloseTo(Arrays.stream(logProbs).sum(), within(1e-3));
                int[] ids = Golden.ids(prompts.get(i).path("ids"));
                assertThat(Golden.ids(one.path("token_ids"))).containsExactly(Arrays.copyOfRange(ids, 1, ids.length));
            }
        }
    }

    @Test
    void score_joinsAndSplitsTextAsTheHarnessDoes() throws IOException {
        JsonNode pairs = Golden.json("encode_pair.json").path("pairs");
        List<String> lines = new ArrayList<>();
        for (JsonNode pair : pairs) {
            lines.add(object().put("prompt", pair.path("context").asString())
                    .put("completion", pair.path("continuation").asString())
                    .toString());
        }
        List<JsonNode> found = score(lines);
        for (int i = 0; i < found.size(); i++) {
            JsonNode one = found.get(i);
            assertThat(one.path("id").asInt(-1)).isEqualTo(i);
            assertThat(Golden.ids(one.path("token_ids")))
                    .containsExactly(Golden.ids(pairs.get(i).path("continuation_ids")));
            assertThat(one.path("sum_logprob").asDouble())
                    .isCloseTo(pairs.get(i).path("loglikelihood").asDouble(), within(1e-3));
            assertThat(one.path("is_greedy").asBoolean())
                    .isEqualTo(pairs.get(i).path("is_greedy").asBoolean());
        }
    }

    @Test
    void score_ofTheGreedyContinuation_isGreedy() throws IOException {
        JsonNode prompt = Golden.json("prompts.json").path("prompts").get(0);
        JsonNode greedy = Golden.json("greedy.json").path("continuations").get(0);
        ObjectNode line = object().put("id", 7);
        line.set("prompt_ids", prompt.path("ids"));
        line.set("completion_ids", greedy.path("ids"));
        JsonNode found = score(List.of(line.toString())).getFirst();
        assertThat(found.path("id").isInt()).isTrue();
        assertThat(found.path("is_greedy").asBoolean()).isTrue();
        assertThat(Golden.doubles(found.path("logprobs")))
                .containsExactly(Golden.doubles(greedy.path("logprobs")), within(1e-4));
    }

    /// The template's text ends in a newline, which the pair's rule moves to the completion.
    @Test
    void score_putsMessagesThroughTheChatTemplate() throws IOException {
        String messages = "[{\"role\": \"user\", \"content\": \"Hi\"}]";
        String text =
                "<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n"
                        + "<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n";
        List<JsonNode> found = score(List.of(
                "{\"messages\": %s, \"completion\": \"Hello\"}".formatted(messages),
                "{\"prompt\": \"%s\", \"completion\": \"Hello\"}".formatted(text),
                "{\"prompt\": %s, \"completion\": \"Hello\"}".formatted(messages)));
        assertThat(found.get(0).path("token_ids")).isEqualTo(found.get(1).path("token_ids"));
        assertThat(found.get(2).path("token_ids")).isEqualTo(found.get(0).path("token_ids"));
        assertThat(found.get(2).path("sum_logprob")).isEqualTo(found.get(0).path("sum_logprob"));
        assertThat(found.get(0).path("sum_logprob").asDouble())
                .isCloseTo(found.get(1).path("sum_logprob").asDouble(), within(1e-4));
        assertThat(found.get(0).path("token_ids").get(0).asInt()).isEqualTo(198);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id": {}, "prompt": "a", "completion": "b"}                | id: expected a string or a whole number, got {}; or leave it out
            {"id": 1.5, "prompt": "a", "completion": "b"}               | id: expected a string or a whole number, got 1.5; or leave it out
            {"prompt": "a"}                                             | has no completion; give exactly one of completion and completion_ids
            {"prompt": "a", "completion": "b", "completion_ids": [1]}   | has completion and completion_ids; give exactly one of completion and completion_ids
            {"completion": "b"}                                         | has no prompt; give exactly one of prompt, prompt_ids and messages
            {"prompt": "a", "completion": ""}                           | completion: is empty; a completion needs at least one token
            {"prompt": "a", "completion_ids": []}                       | completion_ids: is empty; a completion needs at least one token
            {"prompt_ids": [], "completion_ids": [1]}                   | prompt_ids: is empty; a prompt needs at least one token
            {"prompt_ids": [1], "completion_ids": [784]}                | completion_ids: holds token 784; the model's ids are 0 to 783
            {"prompt_ids": [-1], "completion_ids": [7]}                 | prompt_ids: holds token -1; the model's ids are 0 to 783
            {"prompt_ids": ["x"], "completion_ids": [7]}                | prompt_ids[0]: expected a whole number of at most 32 bits, got "x"
            {"messages": [], "completion": "b"}                         | messages: is empty; a conversation needs a message
            {"prompt": 3, "completion": "b"}                            | prompt: expected a string, got 3
            """)
    void score_aRecordThatCannotBeUsed_isOneLineAndLeavesNothing(String line, String problem) throws IOException {
        String good = "{\"prompt\": \"a\", \"completion\": \" b\"}";
        Path input = files.write("in.jsonl", good, line);
        CommandRun run =
                CommandRun.of("score", Golden.model(), "--input", input, "--output", folder.resolve("new/out.jsonl"));
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).isEqualTo("error: %s:2: %s".formatted(input, problem));
        assertThat(files.names()).containsExactly("in.jsonl");
    }

    @Test
    void score_aSequenceLongerThanTheContext_isRefused() throws IOException {
        int context = CommandFiles.JSON
                .readTree(Golden.model().resolve("config.json").toFile())
                .path("max_position_embeddings")
                .asInt();
        ObjectNode line = object();
        for (int i = 0; i < context - 1; i++) {
            line.withArray("prompt_ids").add(5);
        }
        line.putArray("completion_ids").add(1).add(2);
        Path input = files.write("in.jsonl", line.toString());
        CommandRun run =
                CommandRun.of("score", Golden.model(), "--input", input, "--output", folder.resolve("out.jsonl"));
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem())
                .isEqualTo("error: %s:1: has %d tokens, more than the model's context of %d; shorten it"
                        .formatted(input, context + 1, context));
        assertThat(files.names()).containsExactly("in.jsonl");
    }

    @Test
    void score_filesThatCannotBeUsed_areOneLine() throws IOException {
        Path output = folder.resolve("out.jsonl");
        Path missing = folder.resolve("missing.jsonl");
        Path empty = files.write("empty.jsonl", "");
        Path good = files.write("good.jsonl", "{\"prompt\": \"a\", \"completion\": \" b\"}");
        check(missing, output, missing + ": cannot be read: there is no such file");
        check(empty, output, empty + ": holds no records; write one JSON object a line");
        Path below = good.resolve("out.jsonl");
        check(good, below, "output: %s is a file, not a directory; choose another".formatted(good));
        Path taken = files.write("taken.jsonl", "kept");
        check(good, taken, "output: %s exists; choose another name, or move it away".formatted(taken));
        assertThat(Files.readString(taken)).isEqualTo("kept\n");
        assertThat(files.names()).containsExactly("empty.jsonl", "good.jsonl", "taken.jsonl");
    }

    private static void check(Path input, Path output, String problem) {
        CommandRun run = CommandRun.of("score", Golden.model(), "--input", input, "--output", output);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).isEqualTo("error: " + problem);
    }

    @Test
    void score_wrongOptions_areTold() {
        CommandRun run = CommandRun.of("score", Golden.model(), "--input", "x", "--output", "y", "--batch-size", 0);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).isEqualTo("error: --batch-size: must be at least 1, got 0");
        assertThat(CommandRun.of("score", Golden.model()).exit()).isEqualTo(2);
        CommandRun help = CommandRun.of("score", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Example:", "razor score");
    }

    /// White space at the end of a prompt belongs to the completion, and may be all of it.
    @Test
    void score_ofAPromptThatEndsInASpace_scoresTheSpace() throws IOException {
        List<JsonNode> answers = score(List.of(
                "{\"prompt\": \"The answer is \", \"completion\": \"\"}",
                "{\"prompt\": \"The answer is\", \"completion\": \" \"}"));
        assertThat(answers.getFirst().path("token_ids"))
                .isEqualTo(answers.getLast().path("token_ids"));
        assertThat(answers.getFirst().path("sum_logprob"))
                .isEqualTo(answers.getLast().path("sum_logprob"));
    }
}
