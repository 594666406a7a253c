package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.JsonlWriter;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tokenizer.ChatTemplate;
import dev.razor.eval.benchmarks.GenerativeBenchmarks;
import dev.razor.eval.benchmarks.HumanEvalGeneration;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeEvaluator;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.ModelAnswers;
import dev.razor.eval.generative.Resume;
import dev.razor.eval.results.EvaluationConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The tasks of an evaluation whose answers the model writes, with their documents once they have been read.
final class AnsweredTasks implements AutoCloseable {

    /// Prompts of like length are given to the model within so many batches; their answers are kept together.
    private static final int CHUNK_BATCHES = 4;

    private final List<GenerativeBenchmark> benchmarks;
    private final List<List<GenerativeDocument>> documents = new ArrayList<>();
    private final boolean generateOnly;

    private AnsweredTasks(List<GenerativeBenchmark> benchmarks, boolean generateOnly) {
        this.benchmarks = benchmarks;
        this.generateOnly = generateOnly;
    }

    /// Those of `names` that are such tasks.
    ///
    /// @param generateOnly whether completions are written that another command runs
    /// @throws ConfigException if completions are asked for of other tasks, or scores of completions that must be
    ///     run
    static AnsweredTasks of(List<String> names, boolean generateOnly) {
        List<GenerativeBenchmark> found = names.stream()
                .map(GenerativeBenchmarks::named)
                .flatMap(Optional::stream)
                .toList();
        for (String name : names) {
            boolean runs =
                    found.stream().anyMatch(one -> one.name().equals(name) && one instanceof HumanEvalGeneration);
            if (generateOnly && !runs) {
                throw new ConfigException(
                        "--generate-only: writes completions of humaneval, humaneval_instruct and their _64, got %s; ask it apart"
                                .formatted(name));
            }
            if (!generateOnly && runs) {
                throw new ConfigException(("tasks: the completions of %s have to be run; write them with"
                                + " --generate-only, and run them with razor eval --execute")
                        .formatted(name));
            }
        }
        return new AnsweredTasks(found, generateOnly);
    }

    List<String> names() {
        return benchmarks.stream().map(GenerativeBenchmark::name).toList();
    }

    /// The tasks that are none of these.
    List<String> others(List<String> names) {
        return names.stream()
                .filter(name -> benchmarks.stream().noneMatch(one -> one.name().equals(name)))
                .toList();
    }

    /// Where the completions of a task go.
    static Path completions(Path output, GenerativeBenchmark benchmark) {
        return output.resolve("completions_%s.jsonl".formatted(benchmark.name()));
    }

    /// @throws ConfigException if completions are there already
    void refuseExisting(Path output) {
        for (GenerativeBenchmark benchmark : benchmarks) {
            Path file = completions(output, benchmark);
            if (generateOnly && Files.exists(file)) {
                throw new ConfigException(
                        "output: %s exists; choose another directory, or move it away".formatted(file));
            }
        }
    }

    /// Reads the documents of all tasks.
    ///
    /// @param data where the benchmarks' files lie
    void load(Path data, OptionalInt numFewshot) {
        var options = new GenerativeEvaluator.Options(OptionalInt.empty(), numFewshot, false, 0, () -> {
            throw new IllegalStateException("documents need no template");
        });
        benchmarks.forEach(benchmark -> documents.add(GenerativeEvaluator.load(benchmark, data, options)));
    }

    /// The tasks with a model that can answer all of them.
    ///
    /// @param tasks with their documents
    record Ready(AnsweredTasks tasks, GenerativeEvaluator evaluator, GenerativeEvaluator.Options options) {

        /// Has the model answer. Its answers are kept until the results are there.
        List<GenerativeResult> run(Resume resume) {
            List<GenerativeResult> results = new ArrayList<>();
            for (int i = 0; i < tasks.benchmarks.size(); i++) {
                results.add(evaluator.run(tasks.benchmarks.get(i), tasks.documents.get(i), options, resume));
            }
            return results;
        }
    }

    /// Refuses tasks that the model cannot be asked, before any is.
    Ready with(PretrainedModel model, EvaluationConfig config, long seed, Progress progress) {
        int batchSize = config.batchSize();
        var evaluator =
                new GenerativeEvaluator(new ModelAnswers(model, batchSize), batchSize * CHUNK_BATCHES, progress);
        var options = new GenerativeEvaluator.Options(
                config.limit(), config.numFewshot(), config.chatTemplate(), seed, () -> chat(model));
        benchmarks.forEach(benchmark -> evaluator.require(benchmark, options));
        return new Ready(this, evaluator, options);
    }

    private static AnswerPrompt.Chat chat(PretrainedModel model) {
        ChatTemplate template = model.tokenizer().requireChatTemplate();
        return new AnswerPrompt.Chat((messages, addGenerationPrompt) ->
                template.render(messages.stream().map(ChosenTasks::message).toList(), null, addGenerationPrompt));
    }

    /// Writes the completions, one file a task.
    List<Path> writeCompletions(Path output, List<GenerativeResult> results) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < benchmarks.size(); i++) {
            if (benchmarks.get(i) instanceof HumanEvalGeneration humanEval) {
                Path file = completions(output, humanEval);
                try (JsonlWriter out = JsonlWriter.create(file)) {
                    humanEval.completions(results.get(i)).forEach(out::write);
                    out.commit();
                }
                files.add(file);
            }
        }
        return files;
    }

    /// Frees what marking needed.
    @Override
    public void close() {
        benchmarks.forEach(GenerativeBenchmark::close);
    }
}
