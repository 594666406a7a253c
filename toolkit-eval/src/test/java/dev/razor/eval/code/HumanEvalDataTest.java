package dev.razor.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.data.DataFiles;
import dev.razor.core.run.Progress;
import dev.razor.core.sandbox.Limits;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.testing.RealSandbox;
import dev.razor.core.testing.SharedData;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import dev.razor.eval.partial.PartialSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// The 164 published problems in the real sandbox: all their own solutions pass, and programs without content do
/// not.
@Tag("data")
class HumanEvalDataTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private CodeResult run(Map<Problem, List<String>> completions) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofSeconds(20)));
        int jobs = Runtime.getRuntime().availableProcessors();
        List<Problem> problems = HumanEval.problems(SharedData.at("eval"));
        try (PartialSamples kept = PartialSamples.open(
                folder.resolve("kept"), JsonNodeFactory.instance.objectNode().put("task", "humaneval"))) {
            return new CodeEvaluation(HumanEval.COMPLETION, tests, jobs, Progress.silent())
                    .run(new Completions(problems, completions), kept);
        }
    }

    @Test
    void canonicalSolutions_allPass() {
        Path data = SharedData.at("eval");
        Map<String, String> solutions = new LinkedHashMap<>();
        DataFiles.forEach(
                data.resolve("humaneval/HumanEval.jsonl.gz"),
                record -> solutions.put(record.text("task_id"), record.text("canonical_solution")));
        Map<Problem, List<String>> completions = new LinkedHashMap<>();
        HumanEval.problems(data)
                .forEach(problem ->
                        completions.put(problem, List.of(Objects.requireNonNull(solutions.get(problem.taskId())))));

        CodeResult result = run(completions);

        assertThat(result.problems()).isEqualTo(164);
        assertThat(failures(result)).isEmpty();
        assertThat(result.passAt(1).mean()).isEqualTo(1);
    }

    @Test
    void functionsWithoutABody_fail() {
        Map<Problem, List<String>> completions = new LinkedHashMap<>();
        HumanEval.problems(SharedData.at("eval")).stream()
                .limit(20)
                .forEach(problem -> completions.put(problem, List.of("    pass\n")));

        assertThat(failures(run(completions))).hasSize(20);
    }

    private static List<String> failures(CodeResult result) {
        return result.samples().stream()
                .filter(sample -> !sample.verdict().passed())
                .map(sample -> sample.problem().taskId() + ": " + sample.verdict())
                .toList();
    }
}
