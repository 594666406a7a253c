package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Sha256;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tokenizer.ChatTemplate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.Resume;
import dev.razor.eval.partial.PartialSamples;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.results.ResultsJson;
import dev.razor.eval.scoring.KeptLogLikelihoods;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "eval",
        description = "Benchmarks by the definitions of lm-evaluation-harness.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Tasks: hellaswag, truthfulqa_mc1, truthfulqa_mc2, winogrande, arc_challenge, arc_easy, mmlu and its groups and subjects"
                    + " (mmlu_stem, mmlu_astronomy, ...), or the name of a multiple-choice file of your own in DIR;"
                    + " answered in the model's own words: ifeval, gsm8k, gsm8k_cot, gsm8k_cot_zeroshot,"
                    + " hendrycks_math500, and the prepared records science, tooluse, math.",
            "Log-probabilities are taken in float32 whatever type the model computes in, which for bfloat16 models"
                    + " the harness's Hugging Face backend does only when asked.",
            "Output: results.json and samples_TASK.jsonl. An interrupted evaluation keeps its written answers in"
                    + " samples_TASK.jsonl.partial; the same command goes on from there.",
            "humaneval and humaneval_instruct: --generate-only writes completions_TASK.jsonl for razor eval --execute.",
            "",
            "Example:",
            "  razor eval models/my-model --tasks hellaswag,winogrande --data data/eval --output results/my-model",
            "  razor eval --execute completions.jsonl --tasks humaneval --data data/eval --output results/humaneval",
            ""
        })
final class EvalCommand implements Callable<Integer> {

    /// Multiple-choice requests are scored and kept in stretches of so many batches.
    private static final int STRETCH_BATCHES = 64;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // missing with --execute alone, which is looked at first
    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            converter = ModelDirectory.class,
            description = "A Hugging Face model directory, or a name of models.lock.")
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
            paramLabel = "N",
            description = "Solved examples before each question (default: the task's own, mostly 0).")
    private @Nullable Integer numFewshot;

    @Option(names = "--chat-template", description = "Put the questions through the model's chat template.")
    private boolean chatTemplate;

    @Option(names = "--generate-only", description = "Write completions of programs, and run nothing.")
    private boolean generateOnly;

    @Option(
            names = "--results-format",
            defaultValue = "razor",
            paramLabel = "FORMAT",
            description = "razor, or lm-eval to write lm-evaluation-harness's files too (default: ${DEFAULT-VALUE}).")
    private String resultsFormat = "razor";

    @Mixin
    private final ExecuteCompletions execute = new ExecuteCompletions();

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Override
    public Integer call() {
        if (execute.isAsked() == (model != null)) {
            throw new ParameterException(spec.commandLine(), "give either MODEL or --execute FILE");
        }
        if (execute.isAsked()) {
            if (numFewshot != null || chatTemplate || generateOnly || !resultsFormat.equals("razor")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--execute runs completions that are there; it takes no --num-fewshot, --chat-template, --generate-only or --results-format");
            }
            refuseExisting();
            return execute.run(tasks, data, output, limit);
        }
        int batchSize = options.batchSize();
        OptionalInt documents = limit == null ? OptionalInt.empty() : OptionalInt.of(Limits.positive("--limit", limit));
        OptionalInt shots = numFewshot == null
                ? OptionalInt.empty()
                : OptionalInt.of(Limits.notNegative("--num-fewshot", numFewshot));
        LmEvalFiles.requireKnown(resultsFormat);
        Instant start = Instant.now();
        refuseExisting();
        List<String> names = tasks.stream().map(String::strip).distinct().toList();
        AnsweredTasks answered = AnsweredTasks.of(names, generateOnly);
        answered.refuseExisting(output);
        if (resultsFormat.equals("lm-eval") && !answered.benchmarks().isEmpty()) {
            throw new ConfigException(
                    "--results-format: lm-eval is there for multiple choice only, not for %s; ask them apart"
                            .formatted(answered.benchmarks().getFirst().name()));
        }
        List<MultipleChoiceBenchmark> benchmarks = answered.others(names).stream()
                .map(task -> Benchmarks.named(task, data))
                .toList();
        List<BenchmarkResult> results = new ArrayList<>();
        List<GenerativeResult> answers;
        try (PretrainedModel loaded = options.load(model);
                TerminalProgress progress =
                        new TerminalProgress(spec.commandLine().getErr())) {
            EvaluationConfig config = config(loaded, documents, shots, batchSize);
            EncodePair pairs = EncodePair.of(loaded.tokenizer(), loaded.model().contextLength());
            var asked = new Evaluator.Options(documents, shots.orElse(0), style(loaded));
            for (MultipleChoiceBenchmark benchmark : benchmarks) {
                LogLikelihoods scores = kept(benchmark, config, loaded, progress);
                results.add(new Evaluator(pairs, scores).run(benchmark, data, asked));
            }
            var resume = new Resume(output, config.modelHash(), config.dtype());
            answers = answered.run(loaded, data, documents, shots, chatTemplate, batchSize, resume, progress);
            if (!generateOnly) {
                write(config, results, answers);
                LmEvalFiles.write(resultsFormat, output, config, results, start);
            }
        }
        if (generateOnly) {
            answered.writeCompletions(output, answers)
                    .forEach(file -> spec.commandLine().getOut().println("wrote " + file));
        } else {
            ScoreTable.lines(results, answers).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().println("wrote " + output.resolve("results.json"));
        }
        forgetPartial(benchmarks.stream().map(MultipleChoiceBenchmark::name));
        forgetPartial(answered.benchmarks().stream().map(GenerativeBenchmark::name));
        return ExitCode.OK;
    }

    /// The model's scores of a benchmark, kept on disk until the results are there.
    private LogLikelihoods kept(
            MultipleChoiceBenchmark benchmark, EvaluationConfig config, PretrainedModel loaded, Progress progress) {
        ObjectNode identity = JsonNodeFactory.instance
                .objectNode()
                .put("task", benchmark.name())
                .put("model_hash", config.modelHash())
                .put("dtype", config.dtype())
                .put("batch_size", config.batchSize());
        return new KeptLogLikelihoods(
                told -> new ModelLogLikelihoods(loaded, config.batchSize(), told),
                PartialSamples.file(output, benchmark.name()),
                identity,
                STRETCH_BATCHES * config.batchSize(),
                progress);
    }

    /// Removes the work that was kept to go on with; it has been published.
    private void forgetPartial(Stream<String> names) {
        names.map(name -> PartialSamples.file(output, name)).forEach(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new ConfigException(
                        "output: cannot remove %s: %s; remove it by hand".formatted(file, IoReason.of(e)), e);
            }
        });
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

    private EvaluationConfig config(PretrainedModel loaded, OptionalInt documents, OptionalInt shots, int batchSize) {
        return new EvaluationConfig(
                model.toString(),
                Sha256.ofModel(model),
                documents,
                shots,
                chatTemplate,
                options.seed(),
                ModelOptions.dtypeOf(loaded),
                Tensors.name(loaded.manager().getDevice()),
                batchSize);
    }

    private void write(EvaluationConfig config, List<BenchmarkResult> results, List<GenerativeResult> answers) {
        try {
            ResultsJson.write(output, config, results, answers);
        } catch (IOException e) {
            throw new ConfigException(
                    "output: cannot write %s: %s; choose another place".formatted(output, IoReason.of(e)), e);
        }
    }
}
