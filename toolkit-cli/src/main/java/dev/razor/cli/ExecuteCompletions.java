package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Sha256;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.sandbox.Sandbox;
import dev.razor.eval.Aggregate;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import dev.razor.eval.code.CodeEvaluation;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.code.Completions;
import dev.razor.eval.partial.PartialSamples;
import dev.razor.eval.results.CodeResultsJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `razor eval --execute`: runs completions that were generated before, in the sandbox, and counts those that
/// pass.
final class ExecuteCompletions {

    private static final double LONGEST_SECONDS = 3600;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--execute",
            paramLabel = "FILE",
            description = "Run completions, lines {\"task_id\", \"completion\"}, in the sandbox; needs no MODEL.")
    private @Nullable Path completions;

    @Option(
            names = "--k",
            split = ",",
            paramLabel = "K",
            description = "With --execute: the k of pass@k (default: the task's, 1 or 2,8,16,32,64).")
    private @Nullable List<Integer> k;

    @Option(
            names = "--timeout",
            defaultValue = "3",
            paramLabel = "SECONDS",
            description = "With --execute: time for one completion (default: ${DEFAULT-VALUE}).")
    private double timeout;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "With --execute: completions run at a time (default: the number of processors).")
    private @Nullable Integer jobs;

    boolean isAsked() {
        return completions != null;
    }

    /// Runs the file's completions of the first `limit` problems.
    ///
    /// @param format of the results
    int run(List<String> tasks, Path data, Path output, @Nullable Integer limit, String format) {
        Instant start = Instant.now();
        Path file = Objects.requireNonNull(completions, "only when asked");
        HumanEval task = task(tasks);
        List<Integer> asked =
                (k == null ? task.passAt() : k).stream().distinct().sorted().toList();
        asked.forEach(each -> Limits.positive("--k", each));
        int parallel =
                Limits.positive("--jobs", jobs == null ? Runtime.getRuntime().availableProcessors() : jobs);
        dev.razor.core.sandbox.Limits limits = dev.razor.core.sandbox.Limits.DEFAULT.withTime(time());
        List<Problem> problems = HumanEval.problems(data);
        int count = limit == null ? problems.size() : Math.min(Limits.positive("--limit", limit), problems.size());
        Completions read = Completions.read(file, problems, count);
        if (asked.getLast() > read.fewest()) {
            throw new ConfigException(
                    "--k: pass@%d needs at least as many completions of each task, got %d in %s; sample more"
                            .formatted(asked.getLast(), read.fewest(), file));
        }
        Sandbox sandbox = Sandbox.find();
        PrintWriter out = spec.commandLine().getOut();
        var config = new CodeResultsJson.Config(
                file.toString(), Sha256.ofFile(file), asked, timeout, parallel, sandbox.description());
        CodeResult result;
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr());
                PartialSamples kept = PartialSamples.open(
                        PartialSamples.file(output, task.taskName()), identity(task, config, limits, problems))) {
            result = new CodeEvaluation(task, new PythonTests(sandbox, limits), parallel, progress).run(read, kept);
            CodeResultsJson.write(output, config, result);
            LmEvalFiles.write(format, output, config, result, start);
            kept.delete();
        }
        asked.forEach(each -> out.println(line(task, result.passAt(each))));
        out.println("%d of %d completions passed"
                .formatted(result.passed(), result.samples().size()));
        out.println("wrote " + output.resolve("results.json"));
        return ExitCode.OK;
    }

    /// What decides a verdict. Verdicts are kept by the completion's number, whatever `--limit` is.
    private static ObjectNode identity(
            HumanEval task,
            CodeResultsJson.Config config,
            dev.razor.core.sandbox.Limits limits,
            List<Problem> problems) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("task", task.taskName())
                .put("completions_hash", config.hash())
                .put("problems_hash", Sha256.ofText(problems.toString()))
                .put("limits", limits.toString())
                .put("sandbox", config.sandbox());
    }

    private static HumanEval task(List<String> tasks) {
        if (tasks.size() != 1) {
            throw new ConfigException("--tasks: --execute runs the completions of one task, got %s; take one"
                    .formatted(String.join(",", tasks)));
        }
        return HumanEval.require(tasks.getFirst().strip());
    }

    private Duration time() {
        if (!(timeout > 0 && timeout <= LONGEST_SECONDS)) {
            throw new ConfigException("--timeout: must be more than 0 and at most %.0f seconds, got %s"
                    .formatted(LONGEST_SECONDS, timeout));
        }
        return Duration.ofMillis(Math.max(1, Math.round(1000 * timeout)));
    }

    private static String line(HumanEval task, Aggregate score) {
        String error = score.standardError().isPresent()
                ? String.format(Locale.ROOT, " +- %.4f", score.standardError().getAsDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "%s  %s  %.4f%s  (%d tasks)",
                task.taskName(),
                score.metric(),
                score.mean(),
                error,
                score.count());
    }
}
