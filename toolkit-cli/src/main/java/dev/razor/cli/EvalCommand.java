package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.Sha256;
import dev.razor.core.tensor.Tensors;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.Resume;
import dev.razor.eval.partial.PartialSamples;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.results.ResultsJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
                    + " (mmlu_stem, mmlu_astronomy, ...), or the name of a multiple-choice file of your own in DIR;"
                    + " answered in the model's own words: ifeval, gsm8k, gsm8k_cot, gsm8k_cot_zeroshot,"
                    + " hendrycks_math500, minerva_math500, and the prepared records science, tooluse, math.",
            "Log-probabilities are taken in float32 whatever type the model computes in, which for bfloat16 models"
                    + " the harness's Hugging Face backend does only when asked.",
            "Output: results.json and samples_TASK.jsonl. An interrupted evaluation keeps its written answers in"
                    + " samples_TASK.jsonl.partial; the same command goes on from there.",
            "humaneval, humaneval_instruct, humaneval_64, humaneval_64_instruct: --generate-only writes"
                    + " completions_TASK.jsonl for razor eval --execute.",
            "",
            "Example:",
            "  razor eval models/my-model --tasks hellaswag,winogrande --data data/eval --output results/my-model",
            "  razor eval --execute completions.jsonl --tasks humaneval --data data/eval --output results/humaneval",
            ""
        })
final class EvalCommand implements Callable<Integer> {

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
        UnusedOptions.refuse(spec.commandLine(), execute.isAsked(), "without --execute", "--k", "--timeout", "--jobs");
        UnusedOptions.refuse(
                spec.commandLine(),
                !execute.isAsked(),
                "with --execute, which runs completions that are there",
                "--num-fewshot",
                "--chat-template",
                "--generate-only",
                "--device",
                "--dtype",
                "--batch-size",
                "--seed");
        UnusedOptions.refuse(spec.commandLine(), !generateOnly, "with --generate-only", "--results-format");
        LmEvalFiles.requireKnown(resultsFormat);
        refuseExisting();
        return execute.isAsked() ? execute.run(tasks, data, output, limit, resultsFormat) : evaluate();
    }

    private int evaluate() {
        int batchSize = options.batchSize();
        OptionalInt documents = limit == null ? OptionalInt.empty() : OptionalInt.of(Limits.positive("--limit", limit));
        OptionalInt shots = numFewshot == null
                ? OptionalInt.empty()
                : OptionalInt.of(Limits.notNegative("--num-fewshot", numFewshot));
        Instant start = Instant.now();
        List<String> names = tasks.stream().map(String::strip).distinct().toList();
        try (AnsweredTasks answered = AnsweredTasks.of(names, generateOnly)) {
            answered.refuseExisting(output);
            ChosenTasks chosen = ChosenTasks.load(answered.others(names), data, shots.orElse(0));
            answered.load(data, shots);
            List<BenchmarkResult> results;
            List<GenerativeResult> answers;
            try (PretrainedModel loaded = options.load(model);
                    TerminalProgress progress =
                            new TerminalProgress(spec.commandLine().getErr())) {
                EvaluationConfig config = config(loaded, documents, shots, batchSize);
                AnsweredTasks.Ready ready = answered.with(loaded, config, options.seed(), progress);
                results = chosen.run(loaded, config, output, progress);
                answers = ready.run(new Resume(output, config.modelHash(), config.dtype()));
                if (!generateOnly) {
                    ResultsJson.write(output, config, results, answers);
                    LmEvalFiles.write(resultsFormat, output, config, results, answers, start);
                }
            }
            if (generateOnly) {
                answered.writeCompletions(output, answers)
                        .forEach(file -> spec.commandLine().getOut().println("wrote " + file));
            } else {
                ScoreTable.lines(results, answers).forEach(spec.commandLine().getOut()::println);
                spec.commandLine().getOut().println("wrote " + output.resolve("results.json"));
            }
            forgetPartial(chosen.names());
            forgetPartial(answered.names());
        }
        return ExitCode.OK;
    }

    /// Removes the work that was kept to go on with; it has been published.
    private void forgetPartial(List<String> names) {
        names.stream().map(name -> PartialSamples.file(output, name)).forEach(file -> {
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
}
