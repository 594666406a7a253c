package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import dev.razor.core.testing.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GenerateCommandTest {

    private static final int[] STOPS = {746, 748};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void open() {
        files = new CommandFiles(folder);
    }

    private List<JsonNode> generate(List<String> lines, Object... more) throws IOException {
        Path input = files.write("in.jsonl", lines.toArray(String[]::new));
        Path output = folder.resolve("out.jsonl");
        Files.deleteIfExists(output);
        List<Object> arguments =
                new ArrayList<>(List.of("generate", Golden.model(), "--input", input, "--output", output));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.exit()).as(run.err()).isZero();
        return CommandFiles.lines(output);
    }

    private static List<String> goldenPrompts() {
        List<String> lines = new ArrayList<>();
        for (JsonNode prompt : Golden.json("prompts.json").path("prompts")) {
            ObjectNode line = CommandFiles.JSON.createObjectNode().put("id", lines.size());
            line.set("prompt_ids", prompt.path("ids"));
            lines.add(line.toString());
        }
        return lines;
    }

    private static boolean isStop(int id) {
        return Arrays.stream(STOPS).anyMatch(stop -> stop == id);
    }

    /// The reference goes on after stop tokens, which here end the completion, and its text shows the special
    /// token `<|vision_start|>`, which is left out here.
    @Test
    void generate_atTemperatureZero_givesTheReferenceUpToItsStopToken() throws IOException {
        List<JsonNode> found = generate(goldenPrompts(), "--max-new-tokens", 24, "--temperature", 0);
        JsonNode expected = Golden.json("greedy.json").path("continuations");
        assertThat(found).hasSize(expected.size());
        for (int i = 0; i < found.size(); i++) {
            int[] ids = Golden.ids(expected.get(i).path("ids"));
            int end = IntStream.range(0, ids.length)
                    .filter(t -> isStop(ids[t]))
                    .findFirst()
                    .orElse(ids.length);
            boolean stopped = end < ids.length;
            assertThat(Golden.ids(found.get(i).path("token_ids")))
                    .containsExactly(Arrays.copyOf(ids, stopped ? end + 1 : end));
            assertThat(found.get(i).path("finish_reason").asString()).isEqualTo(stopped ? "stop" : "length");
            if (!stopped) {
                assertThat(found.get(i).path("text").asString())
                        .isEqualTo(expected.get(i).path("text").asString().replace("<|vision_start|>", ""));
            }
        }
    }

    @Test
    void generate_equalPrompts_differ_andDoNotDependOnTheBatch() throws IOException {
        String prompt = "{\"prompt\": \"Hello\"}";
        List<String> lines = List.of(prompt, prompt, "{\"prompt\": \"The answer is\"}", prompt);
        Object[] options = {"--max-new-tokens", 12, "--top-p", 0.95, "--top-k", 100, "--seed", 3};
        List<JsonNode> together = generate(lines, options);
        assertThat(together.get(0).path("token_ids"))
                .isNotEqualTo(together.get(1).path("token_ids"));
        List<Object> alone = new ArrayList<>(List.of(options));
        alone.addAll(List.of("--batch-size", 1));
        assertThat(generate(lines, alone.toArray())).isEqualTo(together);
        assertThat(together.stream().map(line -> line.path("id").asInt(-1))).containsExactly(0, 1, 2, 3);
        options[options.length - 1] = 4;
        assertThat(generate(lines, options)).isNotEqualTo(together);
    }

    @Test
    void generate_messages_goThroughTheChatTemplate() throws IOException {
        String text = "<|im_start|>system\\nBe brief.<|im_end|>\\n<|im_start|>user\\nHi<|im_end|>\\n"
                + "<|im_start|>assistant\\n";
        List<JsonNode> found = generate(
                List.of(
                        "{\"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"},"
                                + " {\"role\": \"user\", \"content\": \"Hi\"}]}",
                        "{\"prompt\": \"%s\"}".formatted(text)),
                "--max-new-tokens",
                8,
                "--temperature",
                0);
        assertThat(found.get(0).path("token_ids")).isEqualTo(found.get(1).path("token_ids"));
    }

    @Test
    void generate_takesParquet() throws IOException {
        String line = "{\"id\": \"a\", \"prompt\": \"The answer is\"}";
        List<JsonNode> expected = generate(List.of(line, line), "--max-new-tokens", 4);
        Path input = ParquetFiles.ofJson(folder.resolve("in.parquet"), line, line);
        Path output = folder.resolve("parquet-out.jsonl");
        CommandRun run =
                CommandRun.of("generate", Golden.model(), "--input", input, "--output", output, "--max-new-tokens", 4);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(CommandFiles.lines(output)).isEqualTo(expected);
    }

    @Test
    void generate_mistakes_areOneLineAndLeaveNothing() throws IOException {
        Path output = folder.resolve("out.jsonl");
        Path good = files.write("good.jsonl", "{\"prompt\": \"a\"}");
        Path unknown = files.write("unknown.jsonl", "{\"prompt_ids\": [784]}");
        Path none = files.write("none.jsonl", "{\"prompt\": \"a\"}", "{\"text\": \"a\"}");
        check(unknown, output, unknown + ":1: prompt_ids: holds token 784; the model's ids are 0 to 783");
        check(none, output, none + ":2: has no prompt; give exactly one of prompt, prompt_ids and messages");
        check(good, good, "output: %s exists; choose another name, or move it away".formatted(good));
        check(
                good,
                output,
                "--temperature: must be at least 0, got -1.0; 0 takes the most probable token",
                "--temperature",
                -1);
        check(good, output, "--top-p: must be above 0 and at most 1, got 0.0; 1 keeps all tokens", "--top-p", 0);
        check(good, output, "--top-k: must be at least 0, got -2", "--top-k", -2);
        check(good, output, "--max-new-tokens: must be at least 1, got 0", "--max-new-tokens", 0);
        assertThat(files.names()).containsExactly("good.jsonl", "none.jsonl", "unknown.jsonl");
    }

    private static void check(Path input, Path output, String problem, Object... more) {
        List<Object> arguments =
                new ArrayList<>(List.of("generate", Golden.model(), "--input", input, "--output", output));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).isEqualTo("error: " + problem);
    }
}
