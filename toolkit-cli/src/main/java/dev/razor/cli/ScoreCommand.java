package dev.razor.cli;

import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.eval.lines.ScoreLines;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "score",
        description = "Log-probabilities of given completions.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Input, one JSON object a line: \"id\" (a string or a whole number; without one the record's number,"
                    + " counted from 0), one of \"prompt\", \"prompt_ids\", \"messages\", and one of \"completion\","
                    + " \"completion_ids\". Ids may repeat: output lines stand in the order of the input.",
            "Prompt and completion text are joined and cut into tokens as lm-evaluation-harness does: white space at"
                    + " the prompt's end counts as the completion's beginning. Messages become the text of the model's"
                    + " chat template with its generation prompt.",
            "Output, one line each: {\"id\", \"token_ids\", \"logprobs\", \"sum_logprob\", \"is_greedy\"}, in nats.",
            "",
            "Example:",
            "  razor score models/my-model --input pairs.jsonl --output scores.jsonl",
            ""
        })
final class ScoreCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            paramLabel = "MODEL",
            converter = ModelDirectory.class,
            description = "A Hugging Face model directory, or a name of models.lock.")
    private Path model;

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Prompts and completions, JSONL or Parquet.")
    private Path input;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path output;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Override
    public Integer call() {
        int batchSize = options.batchSize();
        long lines;
        try (PretrainedModel loaded = options.load(model);
                TerminalProgress progress =
                        new TerminalProgress(spec.commandLine().getErr())) {
            lines = ScoreLines.run(loaded, input, output, batchSize, progress);
        }
        spec.commandLine().getOut().println("wrote %s, %d lines".formatted(output, lines));
        return ExitCode.OK;
    }
}
