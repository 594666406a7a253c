package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `razor eval` on tasks whose answers the model writes.
class EvalAnswersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void writeRecords() throws IOException {
        files = new CommandFiles(folder);
        String problem = "{\"question\": \"How many is %d and 1?\", \"answer\": \"It is %d.\\n#### %d\"}";
        files.write(
                "data/gsm8k/test.jsonl",
                problem.formatted(1, 2, 2),
                problem.formatted(2, 3, 3),
                problem.formatted(3, 4, 4));
        files.write("data/gsm8k/train.jsonl", problem.formatted(8, 9, 9), problem.formatted(7, 8, 8));
        files.write(
                "data/humaneval/HumanEval.jsonl",
                "{\"task_id\": \"HumanEval/0\", \"prompt\": \"def f():\\n\", \"entry_point\": \"f\", \"test\": \"\"}");
        List<String> lines = new ArrayList<>();
        Golden.json("multiple_choice.json")
                .path("items_in_raw_schema")
                .path("hellaswag")
                .forEach(record -> lines.add(record.toString()));
        files.write("data/hellaswag/val.jsonl", lines.toArray(String[]::new));
    }

    private CommandRun eval(String output, Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("eval", Golden.model(), "--data", folder.resolve("data"), "--output", folder.resolve(output)));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    @Test
    void eval_tasksOfBothKinds_inOneCall() throws IOException {
        CommandRun run = eval("out", "--tasks", "gsm8k,hellaswag", "--limit", 2, "--num-fewshot", 0);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("acc_norm", "exact_match,strict-match");
        JsonNode results =
                CommandFiles.JSON.readTree(folder.resolve("out/results.json").toFile());
        JsonNode gsm8k = results.path("results").path("gsm8k");
        assertThat(gsm8k.propertyNames())
                .containsExactly(
                        "exact_match,strict-match",
                        "exact_match_stderr,strict-match",
                        "exact_match,flexible-extract",
                        "exact_match_stderr,flexible-extract",
                        "sample_len");
        assertThat(results.path("n-shot").path("gsm8k").asInt(-1)).isZero();
        assertThat(results.path("n-samples").path("gsm8k").toString()).isEqualTo("{\"original\":3,\"effective\":2}");
        List<JsonNode> samples = CommandFiles.lines(folder.resolve("out/samples_gsm8k.jsonl"));
        assertThat(samples).hasSize(2);
        assertThat(samples.getFirst().path("prompt").asString()).isEqualTo("Question: How many is 1 and 1?\nAnswer:");
        assertThat(samples.getFirst().path("tokens").asInt()).isBetween(1, 256);
        assertThat(files.names()).noneMatch(name -> name.endsWith(".partial"));
    }

    /// The answers kept by a run that was killed are taken, and the files are those of a run that was not.
    @Test
    void eval_interrupted_endsInTheSameBytes() throws IOException {
        assertThat(eval("whole", "--tasks", "gsm8k", "--num-fewshot", 1, "--batch-size", 1)
                        .exit())
                .isZero();
        Path partial = folder.resolve("killed/samples_gsm8k.jsonl.partial");
        // A directory in the place of the results ends the second run before them, as a kill would.
        Files.createDirectories(folder.resolve("killed/results.json.tmp/x"));
        CommandRun stopped = CommandRun.of(
                "eval",
                Golden.model(),
                "--data",
                folder.resolve("data"),
                "--output",
                folder.resolve("killed"),
                "--tasks",
                "gsm8k",
                "--num-fewshot",
                1,
                "--batch-size",
                1);
        assertThat(stopped.exit()).isEqualTo(ExitCode.USER_ERROR);
        String kept = Files.readString(partial);
        assertThat(kept.lines()).hasSize(4);
        Files.delete(folder.resolve("killed/results.json.tmp/x"));
        Files.delete(folder.resolve("killed/results.json.tmp"));
        Files.writeString(partial, kept.substring(0, kept.length() - 10));
        CommandRun resumed = eval("killed", "--tasks", "gsm8k", "--num-fewshot", 1, "--batch-size", 1);
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        for (String name : List.of("samples_gsm8k.jsonl", "results.json")) {
            assertThat(folder.resolve("killed").resolve(name))
                    .hasSameTextualContentAs(folder.resolve("whole").resolve(name));
        }
        assertThat(partial).doesNotExist();
    }

    @Test
    void eval_generateOnly_writesCompletions() throws IOException {
        CommandRun run = eval("out", "--tasks", "humaneval,humaneval_instruct", "--generate-only", "--chat-template");
        assertThat(run.exit()).as(run.err()).isZero();
        for (String task : List.of("humaneval", "humaneval_instruct")) {
            List<JsonNode> lines = CommandFiles.lines(folder.resolve("out/completions_" + task + ".jsonl"));
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst().propertyNames()).containsExactly("task_id", "completion");
            assertThat(lines.getFirst().path("completion").asString()).doesNotContain("\ndef", "\nclass");
        }
        assertThat(folder.resolve("out/results.json")).doesNotExist();
        assertThat(eval("out", "--tasks", "humaneval", "--generate-only").problem())
                .contains("completions_humaneval.jsonl exists");
    }

    /// The harness's files of the same run say the same: compared with Razor's own, nothing differs.
    @Test
    void eval_inTheHarnesssFormat_comparesEqualToItself() throws IOException {
        CommandRun run = eval(
                "out", "--tasks", "gsm8k,hellaswag", "--limit", 3, "--num-fewshot", 0, "--results-format", "lm-eval");
        assertThat(run.exit()).as(run.err()).isZero();
        Path own = folder.resolve("out");
        CommandRun compared = CommandRun.of("compare", own, own, "--output", folder.resolve("self.json"));
        assertThat(compared.exit()).as(compared.err()).isZero();
        Path harness;
        try (Stream<Path> all = Files.list(own)) {
            harness = all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        CommandRun both = CommandRun.of("compare", own, harness, "--output", folder.resolve("both.json"));
        assertThat(both.exit()).as(both.err()).isZero();
        assertThat(both.out()).contains("exact_match,strict-match", "acc_norm").doesNotContain("same words");
        JsonNode found = CommandFiles.JSON.readTree(folder.resolve("both.json").toFile());
        assertThat(found.path("comparisons"))
                .isEqualTo(CommandFiles.JSON
                        .readTree(folder.resolve("self.json").toFile())
                        .path("comparisons"));
        assertThat(found.path("comparisons").size()).isEqualTo(5);
        assertThat(eval("other", "--tasks", "humaneval", "--generate-only", "--results-format", "lm-eval")
                        .problem())
                .startsWith("error: --results-format: has no effect with --generate-only;");
    }

    /// A model that cannot answer one task answers none, and leaves nothing.
    @Test
    void eval_ofATaskThatIsTooLong_isRefusedBeforeTheOthers() throws IOException {
        files.write(
                "data/ifeval/input_data.jsonl",
                "{\"key\": 1, \"prompt\": \"p\", \"instruction_id_list\": [\"punctuation:no_comma\"], \"kwargs\": [{}]}");
        Path small = Files.createDirectory(folder.resolve("small"));
        try (Stream<Path> all = Files.list(Golden.model())) {
            for (Path file : all.toList()) {
                Files.copy(file, small.resolve(file.getFileName()));
            }
        }
        Path config = small.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"max_position_embeddings\": *\\d+", "\"max_position_embeddings\": 512"));
        CommandRun run = CommandRun.of(
                "eval",
                small,
                "--data",
                folder.resolve("data"),
                "--output",
                folder.resolve("out"),
                "--tasks",
                "hellaswag,gsm8k,ifeval",
                "--num-fewshot",
                0);
        assertThat(run.problem())
                .isEqualTo(("error: ifeval: its answers may have 1280 tokens (max_gen_toks), which leaves no room for a"
                                + " prompt in the context of %s, 512 tokens; take a model with a longer context, or"
                                + " leave the task out")
                        .formatted(small));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void eval_mistakes_areOneLine() {
        assertThat(eval("out", "--tasks", "humaneval").problem())
                .isEqualTo("error: tasks: the completions of humaneval have to be run; write them with"
                        + " --generate-only, and run them with razor eval --execute");
        assertThat(eval("out", "--tasks", "gsm8k", "--generate-only").problem())
                .startsWith("error: --generate-only: ")
                .contains("got gsm8k");
        assertThat(eval("out", "--tasks", "gsm8k", "--num-fewshot", 3).problem())
                .isEqualTo("error: num_fewshot: gsm8k has 2 training questions, got 3; take fewer");
        assertThat(eval("out", "--tasks", "gsm8k", "--num-fewshot", -1).problem())
                .isEqualTo("error: --num-fewshot: must be at least 0, got -1");
    }
}
