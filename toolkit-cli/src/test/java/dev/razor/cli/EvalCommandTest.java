package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import dev.razor.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvalCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void writeRecords() throws IOException {
        files = new CommandFiles(folder);
        List<String> lines = new ArrayList<>();
        Golden.json("multiple_choice.json")
                .path("items_in_raw_schema")
                .path("hellaswag")
                .forEach(record -> lines.add(record.toString()));
        files.write("data/hellaswag/val.jsonl", lines.toArray(String[]::new));
    }

    private CommandRun eval(Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("eval", Golden.model(), "--data", folder.resolve("data"), "--output", folder.resolve("out")));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    private JsonNode results() {
        return CommandFiles.JSON.readTree(
                folder.resolve("out").resolve("results.json").toFile());
    }

    private void matches(String run) throws IOException {
        JsonNode expected =
                Golden.json("multiple_choice.json").path("runs").path(run).path("hellaswag");
        JsonNode found = results().path("results").path("hellaswag");
        for (String metric : List.of("acc", "acc_norm")) {
            assertThat(found.path(metric).asDouble())
                    .as(metric)
                    .isCloseTo(expected.path("aggregate").path(metric).asDouble(), within(1e-9));
        }
        List<JsonNode> samples = CommandFiles.lines(folder.resolve("out").resolve("samples_hellaswag.jsonl"));
        for (int i = 0; i < samples.size(); i++) {
            JsonNode requests = expected.path("docs").get(i).path("requests");
            for (int choice = 0; choice < requests.size(); choice++) {
                assertThat(samples.get(i).path("loglikelihoods").get(choice).asDouble())
                        .isCloseTo(requests.get(choice).path("loglikelihood").asDouble(), within(1e-3));
            }
        }
    }

    @Test
    void eval_hellaswag_givesTheHarnesssScores() throws IOException {
        CommandRun run = eval("--tasks", "hellaswag");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow().split(" +"))
                .containsExactly("task", "metric", "value", "stderr", "n");
        assertThat(run.out()).contains("acc_norm", "wrote ");
        matches("zero_shot");
        assertThat(results().path("model_hash").asString()).hasSize(64);
        assertThat(results().path("config").path("dtype").asString()).isEqualTo("float32");
    }

    @Test
    void eval_withTheChatTemplate_givesTheHarnesssScores() throws IOException {
        CommandRun run = eval("--tasks", "hellaswag", "--chat-template", "--batch-size", 3);
        assertThat(run.exit()).as(run.err()).isZero();
        matches("zero_shot_chat_template");
    }

    @Test
    void eval_limit_takesTheFirstDocuments() throws IOException {
        CommandRun run = eval("--tasks", "hellaswag", "--limit", 2);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(CommandFiles.lines(folder.resolve("out").resolve("samples_hellaswag.jsonl")))
                .hasSize(2);
        assertThat(results().path("config").path("limit").asInt()).isEqualTo(2);
    }

    /// The harness's files stand beside Razor's and say the same.
    @Test
    void eval_inTheHarnesssFormat_writesItsFilesToo() throws IOException {
        CommandRun run = eval("--tasks", "hellaswag", "--limit", 3, "--results-format", "lm-eval");
        assertThat(run.exit()).as(run.err()).isZero();
        List<Path> harness;
        try (Stream<Path> all = Files.walk(folder.resolve("out"))) {
            harness = all.filter(path -> path.toString().matches(".*/(results|samples_hellaswag)_20.*"))
                    .sorted()
                    .toList();
        }
        assertThat(harness).hasSize(2);
        JsonNode found = CommandFiles.JSON.readTree(harness.getFirst().toFile());
        assertThat(found.at("/results/hellaswag/acc,none").asDouble())
                .isEqualTo(results().at("/results/hellaswag/acc").asDouble());
        assertThat(CommandFiles.lines(harness.get(1))).hasSize(3);
        assertThat(mistake("--tasks", "hellaswag", "--results-format", "csv"))
                .isEqualTo("error: --results-format: must be razor or lm-eval, got csv");
    }

    @Test
    void eval_mistakes_areOneLineAndLeaveNothing() throws IOException {
        List<String> before = files.names();
        assertThat(mistake("--tasks", "helaswag"))
                .startsWith("error: tasks: ")
                .contains("got helaswag", "hellaswag, truthfulqa_mc1", "ifeval, gsm8k", "hendrycks_math500");
        assertThat(mistake("--tasks", "winogrande")).startsWith("error: winogrande: no file with the fields ");
        assertThat(mistake("--tasks", "hellaswag", "--limit", 0))
                .isEqualTo("error: --limit: must be at least 1, got 0");
        CommandRun usage = eval("--taks", "hellaswag");
        assertThat(usage.exit()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(usage.err().lines()).hasSize(1);
        assertThat(usage.err()).startsWith("error: ").contains("--tasks").contains("; see `razor eval --help`");
        assertThat(eval("--tasks", "hellaswag", "--k", 3, "--timeout", 4).problem())
                .isEqualTo("error: --k, --timeout: have no effect without --execute; see `razor eval --help`");
        // The second task's missing file costs the first nothing: no directory, no scores.
        assertThat(mistake("--tasks", "hellaswag,winogrande"))
                .startsWith("error: winogrande: no file with the fields ");
        assertThat(mistake("--tasks", "hellaswag,ifeval")).startsWith("error: ifeval: no file with the fields ");
        assertThat(files.names()).isEqualTo(before);
        Path results = files.write("out/results.json", "{}");
        assertThat(mistake("--tasks", "hellaswag"))
                .isEqualTo("error: output: %s exists; choose another directory, or move it away".formatted(results));
        assertThat(Files.readString(results)).isEqualTo("{}\n");
        assertThat(CommandRun.of("eval", "--help").out()).contains("Example:", "razor eval");
    }

    private String mistake(Object... more) {
        CommandRun run = eval(more);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        return run.problem();
    }

    /// The real records as they lie there; the scores of a model that has learned nothing stand near chance.
    @Test
    @Tag("data")
    void hellaswag_runsOnTheRealRecords() throws IOException {
        CommandRun run = CommandRun.of(
                "eval",
                Golden.model(),
                "--tasks",
                "hellaswag",
                "--data",
                SharedData.at("eval"),
                "--output",
                folder.resolve("out"),
                "--batch-size",
                64);
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode found = results().path("results").path("hellaswag");
        assertThat(found.path("acc").asDouble()).isBetween(0.15, 0.35);
        assertThat(found.path("acc_norm").asDouble()).isBetween(0.15, 0.35);
        assertThat(CommandFiles.lines(folder.resolve("out").resolve("samples_hellaswag.jsonl")))
                .hasSize(500);
    }
}
