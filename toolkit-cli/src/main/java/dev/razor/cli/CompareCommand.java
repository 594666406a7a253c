package dev.razor.cli;

import dev.razor.core.run.OutputDirectory;
import dev.razor.eval.compare.ComparisonJson;
import dev.razor.eval.compare.Comparisons;
import dev.razor.eval.compare.PairedComparison;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "compare",
        description = "Compares two models on the same benchmark items.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Reads the samples_TASK.jsonl of both, Razor's or lm-evaluation-harness's, or one of each. Items are matched by"
                    + " doc_id and must be the same. Prints B - A with a 95 %% interval (bootstrap over the items) and,"
                    + " for metrics of right and wrong, how often each model alone was right and McNemar's exact test;"
                    + " then the same for groups of tasks such as mmlu.",
            "",
            "Example:",
            "  razor compare results/base results/tuned --output comparison.json",
            ""
        })
final class CompareCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(index = "0", paramLabel = "RESULTS_A", description = "The --output of razor eval for the first model.")
    private Path first;

    @SuppressWarnings("NullAway.Init")
    @Parameters(index = "1", paramLabel = "RESULTS_B", description = "The one for the second model.")
    private Path second;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "Names the bootstrap's resamples (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--output", paramLabel = "F.json", description = "Write the comparison as JSON.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        if (output != null) {
            OutputDirectory.requireNew(output);
        }
        List<PairedComparison> comparisons = Comparisons.of(first, second, seed);
        PrintWriter out = spec.commandLine().getOut();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("task", "metric", "n", "A", "B", "B - A", "95 %", "only A", "only B", "p", "mid-p"));
        comparisons.forEach(one -> rows.add(row(one)));
        TextTable.lines(rows, 2).forEach(out::println);
        comparisons.stream()
                .filter(one -> one.otherPrompts() > 0)
                .map(PairedComparison::task)
                .distinct()
                .forEach(task -> out.println(task + ": the two were not asked in the same words"));
        if (output != null) {
            String text = JsonMapper.shared()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(ComparisonJson.of(first, second, seed, comparisons))
                    + "\n";
            OutputDirectory.publish(output, path -> Files.writeString(path, text));
            out.println("wrote " + output);
        }
        return ExitCode.OK;
    }

    private static List<String> row(PairedComparison one) {
        PairedComparison.Counts counts = one.counts();
        return List.of(
                one.task(),
                one.metric(),
                Integer.toString(one.items()),
                number("%.4f", one.a()),
                number("%.4f", one.b()),
                number("%+.4f", one.difference()),
                number("%+.4f", one.ci95().low()) + " "
                        + number("%+.4f", one.ci95().high()),
                counts == null ? "-" : Integer.toString(counts.onlyA()),
                counts == null ? "-" : Integer.toString(counts.onlyB()),
                counts == null ? "-" : p(counts.mcNemar().exact()),
                counts == null ? "-" : p(counts.mcNemar().midP()));
    }

    /// A probability; one that four places would show as nothing is said to be less than they can show.
    static String p(double value) {
        return value < 0.0001 ? "<0.0001" : number("%.4f", value);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
