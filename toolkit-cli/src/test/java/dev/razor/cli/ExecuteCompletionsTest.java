package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.RealSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `razor eval --execute` with a benchmark of two problems of its own.
class ExecuteCompletionsTest {

    private static final String PROBLEM =
            "{\"task_id\": \"T/%d\", \"prompt\": \"def add(a):\\n    '''Adds.'''\\n\", \"entry_point\": \"add\","
                    + " \"test\": \"def check(candidate):\\n    assert candidate(1) == %d, 'sum'\\n\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void writeBenchmark() throws IOException {
        files = new CommandFiles(folder);
        files.write("data/humaneval/HumanEval.jsonl", PROBLEM.formatted(0, 2), PROBLEM.formatted(1, 3));
    }

    private static String line(int task, String completion) {
        return CommandFiles.JSON
                .createObjectNode()
                .put("task_id", "T/" + task)
                .put("completion", completion)
                .toString();
    }

    private CommandRun execute(List<String> lines, Object... more) throws IOException {
        Path completions = files.write("completions.jsonl", lines.toArray(String[]::new));
        List<Object> arguments = new ArrayList<>(List.of(
                "eval",
                "--execute",
                completions,
                "--tasks",
                "humaneval",
                "--data",
                folder.resolve("data"),
                "--output",
                folder.resolve("out")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    @Test
    void execute_writesScoresAndVerdicts() throws IOException {
        var _ = RealSandbox.get();
        List<String> lines = List.of(
                line(0, "    return a + 1"),
                line(0, "    return a - 1"),
                line(1, "    import sys; sys.exit(0)"),
                line(1, "    while True: pass"));

        CommandRun run = execute(lines, "--k", "1,2", "--timeout", "2", "--jobs", "2");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("humaneval  pass@1  0.2500 +- 0.2500  (2 tasks)")
                .contains("pass@2  0.5000 +- 0.5000", "1 of 4 completions passed");
        JsonNode results =
                CommandFiles.JSON.readTree(folder.resolve("out/results.json").toFile());
        JsonNode scores = results.path("results").path("humaneval");
        assertThat(scores.path("pass@1").asDouble()).isEqualTo(0.25);
        // values 0.5 and 0: sample deviation sqrt(0.125), over sqrt(2)
        assertThat(scores.path("pass@1_stderr").asDouble()).isCloseTo(0.25, within(1e-12));
        assertThat(scores.path("pass@2").asDouble()).isEqualTo(0.5);
        assertThat(scores.path("sample_len").asInt()).isEqualTo(2);
        assertThat(results.path("versions").path("humaneval").asDouble()).isEqualTo(1);
        assertThat(results.path("config").path("sandbox").asString()).contains("Python 3");
        assertThat(results.path("config").path("completions_count").asInt()).isEqualTo(4);
        assertThat(CommandFiles.lines(folder.resolve("out/samples_humaneval.jsonl")))
                .extracting(line -> line.path("result").asString())
                .containsExactly(
                        "passed",
                        "AssertionError: sum",
                        "the program ended itself with SystemExit",
                        "timed out after 2.0 s");
    }

    @Test
    void mistakes_areOneLine_andNothingIsWritten() throws IOException {
        String right = line(0, "    return a + 1");
        Path file = folder.resolve("completions.jsonl");

        assertThat(execute(List.of(right, line(1, ""), line(2, ""))).problem())
                .isEqualTo("error: %s:3: task_id: the benchmark has no such task, got T/2; remove the line"
                        .formatted(file));
        assertThat(execute(List.of(right, line(1, "")), "--k", "1,10").problem())
                .isEqualTo(
                        "error: --k: pass@10 needs at least as many completions of each task, got 1 in %s; sample more"
                                .formatted(file));
        assertThat(execute(List.of(right, line(1, "")), "--timeout", "0").problem())
                .isEqualTo("error: --timeout: must be more than 0 and at most 3600 seconds, got 0.0");
        assertThat(execute(List.of(right, line(1, "")), "--tasks", "mmlu").exit())
                .isNotZero();
        assertThat(files.names()).noneMatch(name -> name.startsWith("out"));
    }

    /// One task of the two, and three of it: pass@2 of two right ones in three is 1 - C(1,2)/C(3,2) = 1.
    @Test
    void execute_ofSomeTasks_scoresThose() throws IOException {
        String right = line(0, "    return a + 1");
        CommandRun result = execute(List.of(right, right, line(0, "    return 9")), "--k", "1,2");
        assertThat(result.exit()).as(result.err()).isZero();
        JsonNode scores = JsonMapper.shared()
                .readTree(folder.resolve("out/results.json").toFile())
                .path("results")
                .path("humaneval");
        assertThat(scores.path("pass@1").asDouble()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(scores.path("pass@2").asDouble()).isEqualTo(1);
        assertThat(scores.path("sample_len").asInt()).isEqualTo(1);
    }

    @Test
    void execute_withALimit_passesOverTheOthers() throws IOException {
        CommandRun result = execute(List.of(line(0, "    return a + 1"), line(1, "    return 0")), "--limit", "1");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(CommandFiles.lines(folder.resolve("out/samples_humaneval.jsonl")))
                .hasSize(1);
    }

    @Test
    void aModelAsWellAsCompletions_isWrongUsage() throws IOException {
        assertThat(execute(List.of(line(0, "")), folder.toString()).exit()).isEqualTo(2);
        assertThat(CommandRun.of("eval", "--tasks", "humaneval", "--data", folder, "--output", folder.resolve("out"))
                        .exit())
                .isEqualTo(2);
    }

    /// The verdicts that a killed run left are not asked for again: here one that the completion does not
    /// deserve.
    @Test
    void execute_interrupted_goesOnAtTheCompletion() throws IOException {
        var _ = RealSandbox.get();
        List<String> lines = List.of(line(0, "    return a - 1"), line(1, "    return a + 2"));
        // A directory in the place of the results ends the run before them, as a kill would.
        Files.createDirectories(folder.resolve("out/results.json.tmp/x"));
        assertThat(execute(lines).exit()).isEqualTo(ExitCode.USER_ERROR);
        Path partial = folder.resolve("out/samples_humaneval.jsonl.partial");
        List<String> kept = Files.readAllLines(partial);
        assertThat(kept).hasSize(3);
        String failed = kept.stream()
                .filter(line -> line.contains("\"doc_id\":0"))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                partial, kept.getFirst() + "\n" + failed.replace("FAILED", "PASSED") + "\n{\"outcome\":\"FAI");
        assertThat(execute(lines, "--timeout", "4").problem()).contains("is of another evaluation: limits was");
        Files.delete(folder.resolve("out/results.json.tmp/x"));
        Files.delete(folder.resolve("out/results.json.tmp"));

        CommandRun run = execute(lines, "--results-format", "lm-eval");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("2 of 2 completions passed");
        assertThat(partial).doesNotExist();
        Path harness;
        try (Stream<Path> all = Files.list(folder.resolve("out"))) {
            harness = all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        CommandRun both = CommandRun.of("compare", folder.resolve("out"), harness);
        assertThat(both.exit()).as(both.err()).isZero();
        assertThat(both.out().lines().toList().get(1).split(" +"))
                .startsWith("humaneval", "pass@1", "2", "1.0000", "1.0000", "+0.0000");
    }

    @Test
    void limit_takesTheFirstProblems() throws IOException {
        var _ = RealSandbox.get();

        CommandRun run = execute(List.of(line(0, "    return a + 1")), "--limit", "1");

        assertThat(run.out()).as(run.err()).startsWith("humaneval  pass@1  1.0000  (1 tasks)");
    }
}
