package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.task.Split;
import dev.razor.core.task.Task;
import dev.razor.core.task.TaskPreparation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "prepare",
        description = "Make one of the study's tasks out of its data set's own files.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Writes train.jsonl, validation.jsonl and test.jsonl, which sft, grpo, label, generate and score read, and"
                    + " manifest.json: sources, options, counts, sha256. The same sources and options give the same"
                    + " bytes. A part without prompts gets no file.",
            "science: SciKnowEval, chemistry, level 3, multiple choice; questions of one wording stay together.",
            "tooluse: ToolAlpaca, or records of prompt, golden_answer and golden_response; questions about one API"
                    + " stay together.",
            "math: Open-Reasoner-Zero, GSM8K, or records of problem and answer; questions of one wording stay together.",
            "See docs/tasks.md.",
            "",
            "Example:",
            "  razor data prepare science --input chemistry_L3/ --output data/science",
            "  razor data prepare tooluse --input train_data.json --test eval_simulated.json --output data/tooluse",
            ""
        })
final class DataPrepareCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "TASK", description = "science, tooluse or math.")
    private Task task;

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE_OR_DIR",
            description = "The data set's files: JSON, JSONL, Parquet, or directories of them.")
    private List<Path> input;

    @Option(
            names = "--test",
            arity = "1..*",
            paramLabel = "FILE_OR_DIR",
            description = "Files whose prompts are the test part, as a data set's own evaluation files.")
    private final List<Path> test = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A directory that does not exist yet.")
    private Path output;

    @Option(
            names = "--split",
            split = ",",
            paramLabel = "SHARE",
            description = "Shares of train, validation and test (default: 0.75,0.05,0.20; with --test 1,0,0).")
    private @Nullable List<Double> split;

    @Option(names = "--seed", paramLabel = "N", description = "Decides who is where (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--limit", paramLabel = "N", description = "Take at most so many prompts, drawn by the seed.")
    private int limit = Integer.MAX_VALUE;

    @Override
    public Integer call() {
        Limits.positive("--limit", limit);
        PrintWriter out = spec.commandLine().getOut();
        TaskPreparation.Written written = new TaskPreparation(task, input, test, shares(), seed, limit).write(output);
        written.leftOut()
                .forEach((reason, count) ->
                        spec.commandLine().getErr().println("left out %d: %s".formatted(count, reason)));
        written.counts()
                .forEach((file, prompts) ->
                        out.println("wrote %s, %d prompts".formatted(output.resolve(file), prompts)));
        return ExitCode.OK;
    }

    private Split shares() {
        if (split == null) {
            return test.isEmpty() ? Split.STANDARD : new Split(1, 0, 0);
        }
        String shown = String.join(",", split.stream().map(String::valueOf).toList());
        if (split.size() != 3) {
            throw new ConfigException("--split: expected three shares such as 0.75,0.05,0.20, got %s".formatted(shown));
        }
        Split shares;
        try {
            shares = new Split(split.get(0), split.get(1), split.get(2));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--split: %s; write shares such as 0.75,0.05,0.20".formatted(e.getMessage()), e);
        }
        if (!test.isEmpty() && shares.test() > 0) {
            throw new ConfigException(
                    "--split: the share of the test is %s, but --test gives the test; write 0 for it, such as 0.95,0.05,0"
                            .formatted(shares.test()));
        }
        return shares;
    }
}
