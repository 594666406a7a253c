package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.eval.lines.GenerateLines;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "generate",
        description = "Completions of given prompts.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Input, one JSON object a line: \"id\" (a string or a whole number; without one the record's number,"
                    + " counted from 0) and one of \"prompt\", \"prompt_ids\", \"messages\". Messages go through the"
                    + " model's chat template.",
            "Output, one line each: {\"id\", \"token_ids\", \"text\", \"finish_reason\": \"stop\"|\"length\"}. The"
                    + " token ids include the token that ended the completion, the text leaves special tokens out."
                    + " A completion ends at the end tokens of the tokenizer and of generation_config.json; nothing"
                    + " else of generation_config.json is used.",
            "The seed and the record's number decide a line: equal prompts are completed differently, and the batch"
                    + " does not matter.",
            "",
            "Example:",
            "  razor generate models/my-model --input prompts.jsonl --output completions.jsonl"
                    + " --max-new-tokens 64 --temperature 0.7 --top-p 0.9",
            ""
        })
final class GenerateCommand implements Callable<Integer> {

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
    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Prompts, JSONL or Parquet.")
    private Path input;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path output;

    @Option(
            names = "--max-new-tokens",
            defaultValue = "256",
            paramLabel = "N",
            description = "Tokens a completion may have (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens = 256;

    @Option(
            names = "--temperature",
            defaultValue = "1",
            paramLabel = "T",
            description = "What logits are divided by; 0 is greedy (default: ${DEFAULT-VALUE}).")
    private double temperature = 1;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Sample from the most probable tokens that reach this mass (default: ${DEFAULT-VALUE}, all).")
    private double topP = 1;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            paramLabel = "K",
            description = "Sample from this many most probable tokens (default: ${DEFAULT-VALUE}, all).")
    private int topK;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Override
    public Integer call() {
        checkNumbers();
        int batchSize = options.batchSize();
        long lines;
        try (PretrainedModel loaded = options.load(model);
                TerminalProgress progress =
                        new TerminalProgress(spec.commandLine().getErr())) {
            var sampling = new SamplingOptions(
                    maxNewTokens, temperature, topP, topK, loaded.tokenizer().stopTokenIds());
            lines = GenerateLines.run(loaded, sampling, options.seed(), input, output, batchSize, progress);
        }
        spec.commandLine().getOut().println("wrote %s, %d lines".formatted(output, lines));
        return ExitCode.OK;
    }

    private void checkNumbers() {
        Limits.positive("--max-new-tokens", maxNewTokens);
        Limits.notNegative("--top-k", topK);
        if (!(temperature >= 0 && Double.isFinite(temperature))) {
            throw new ConfigException("--temperature: must be at least 0, got %s; 0 takes the most probable token"
                    .formatted(temperature));
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new ConfigException(
                    "--top-p: must be above 0 and at most 1, got %s; 1 keeps all tokens".formatted(topP));
        }
    }
}
