package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.Sha256;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tokenizer.ChatTemplate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.results.ResultsJson;
import dev.razor.eval.scoring.ModelLogLikelihoods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "eval",
        description = "Benchmarks by the definitions of lm-evaluation-harness.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Tasks: hellaswag, truthfulqa_mc1, truthfulqa_mc2, winogrande, arc_challenge, arc_easy, mmlu and its groups and subjects"
                    + " (mmlu_stem, mmlu_astronomy, ...), or the name of a multiple-choice file of your own in DIR.",
            "Log-probabilities are taken in float32 whatever type the model computes in, which for bfloat16 models"
                    + " the harness's Hugging Face backend does only when asked.",
            "Output: results.json and samples_TASK.jsonl.",
            "",
            "Example:",
            "  razor eval models/my-model --tasks hellaswag,winogrande --data data/eval --output results/my-model",
            ""
        })
final class EvalCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "MODEL", description = "A Hugging Face model directory.")
    private Path model;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--tasks", required = true, split = ",", paramLabel = "TASK", description = "What to run.")
    private List<String> tasks;

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The benchmarks' files, as DIR/TASK/FILE or DIR/FILE.")
    private Path data;

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A directory that holds no results yet.")
    private Path output;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N documents of each task.")
    private @Nullable Integer limit;

    @Option(
            names = "--num-fewshot",
            defaultValue = "0",
            paramLabel = "N",
            description = "Solved examples before each question (default: ${DEFAULT-VALUE}).")
    private int numFewshot;

    @Option(names = "--chat-template", description = "Put the questions through the model's chat template.")
    private boolean chatTemplate;

    @Option(
            names = "--results-format",
            defaultValue = "razor",
            paramLabel = "FORMAT",
            description = "razor, or lm-eval to write lm-evaluation-harness's files too (default: ${DEFAULT-VALUE}).")
    private String resultsFormat = "razor";

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Override
    public Integer call() {
        int batchSize = options.batchSize();
        OptionalInt documents = limit == null ? OptionalInt.empty() : OptionalInt.of(Limits.positive("--limit", limit));
        Limits.notNegative("--num-fewshot", numFewshot);
        LmEvalFiles.requireKnown(resultsFormat);
        Instant start = Instant.now();
        refuseExisting();
        List<MultipleChoiceBenchmark> benchmarks = tasks.stream()
                .map(String::strip)
                .distinct()
                .map(task -> Benchmarks.named(task, data))
                .toList();
        List<BenchmarkResult> results = new ArrayList<>();
        try (PretrainedModel loaded = options.load(model);
                TerminalProgress progress =
                        new TerminalProgress(spec.commandLine().getErr())) {
            var evaluator = new Evaluator(
                    EncodePair.of(loaded.tokenizer(), loaded.model().contextLength()),
                    new ModelLogLikelihoods(loaded, batchSize, progress));
            var asked = new Evaluator.Options(documents, numFewshot, style(loaded));
            for (MultipleChoiceBenchmark benchmark : benchmarks) {
                results.add(evaluator.run(benchmark, data, asked));
            }
            EvaluationConfig config = config(loaded, documents, batchSize);
            write(config, results);
            LmEvalFiles.write(resultsFormat, output, config, results, start);
        }
        ScoreTable.lines(results).forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().println("wrote " + output.resolve("results.json"));
        return ExitCode.OK;
    }

    private void refuseExisting() {
        Path results = output.resolve("results.json");
        if (Files.exists(results)) {
            throw new ConfigException(
                    "output: %s exists; choose another directory, or move it away".formatted(results));
        }
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new ConfigException("output: %s is a file, not a directory; choose another".formatted(output));
        }
    }

    private PromptStyle style(PretrainedModel loaded) {
        if (!chatTemplate) {
            return new PromptStyle.Plain();
        }
        ChatTemplate template = loaded.tokenizer().requireChatTemplate();
        return new PromptStyle.Chat(messages ->
                template.render(messages.stream().map(EvalCommand::message).toList(), null, true));
    }

    private static Map<String, String> message(ChatMessage message) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }

    private EvaluationConfig config(PretrainedModel loaded, OptionalInt documents, int batchSize) {
        return new EvaluationConfig(
                model.toString(),
                Sha256.ofModel(model),
                documents,
                numFewshot,
                chatTemplate,
                options.seed(),
                ModelOptions.dtypeOf(loaded),
                Tensors.name(loaded.manager().getDevice()),
                batchSize);
    }

    private void write(EvaluationConfig config, List<BenchmarkResult> results) {
        try {
            ResultsJson.write(output, config, results);
        } catch (IOException e) {
            throw new ConfigException(
                    "output: cannot write %s: %s; choose another place".formatted(output, IoReason.of(e)), e);
        }
    }
}
