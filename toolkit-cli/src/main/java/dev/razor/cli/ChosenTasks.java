package dev.razor.cli;

import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tokenizer.ChatTemplate;
import dev.razor.eval.BenchmarkData;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.partial.PartialSamples;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.scoring.KeptLogLikelihoods;
import dev.razor.eval.scoring.ModelLogLikelihoods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tasks of an evaluation whose answers the model chooses, with their documents.
///
/// @param benchmarks one a task
/// @param documents of each
record ChosenTasks(List<MultipleChoiceBenchmark> benchmarks, List<BenchmarkData> documents) {

    /// Requests are scored and kept in stretches of so many batches.
    private static final int STRETCH_BATCHES = 64;

    /// Reads the documents of all tasks.
    ///
    /// @param data where the benchmarks' files lie
    /// @param numFewshot how many examples stand before each question
    static ChosenTasks load(List<String> names, Path data, int numFewshot) {
        List<MultipleChoiceBenchmark> benchmarks =
                names.stream().map(name -> Benchmarks.named(name, data)).toList();
        List<BenchmarkData> documents = benchmarks.stream()
                .map(benchmark -> benchmark.load(data, numFewshot))
                .toList();
        return new ChosenTasks(benchmarks, documents);
    }

    List<String> names() {
        return benchmarks.stream().map(MultipleChoiceBenchmark::name).toList();
    }

    /// Has the model score all tasks. Its scores are kept in `output` until the results are there.
    List<BenchmarkResult> run(PretrainedModel model, EvaluationConfig config, Path output, Progress progress) {
        if (benchmarks.isEmpty()) {
            return List.of();
        }
        EncodePair pairs = EncodePair.of(model.tokenizer(), model.model().contextLength());
        PromptStyle style = config.chatTemplate() ? chat(model) : new PromptStyle.Plain();
        var asked = new Evaluator.Options(config.limit(), config.numFewshot().orElse(0), style);
        List<BenchmarkResult> results = new ArrayList<>();
        for (int i = 0; i < benchmarks.size(); i++) {
            MultipleChoiceBenchmark benchmark = benchmarks.get(i);
            LogLikelihoods scores = kept(benchmark, model, config, output, progress);
            results.add(new Evaluator(pairs, scores).run(benchmark, documents.get(i), asked));
        }
        return results;
    }

    private static LogLikelihoods kept(
            MultipleChoiceBenchmark benchmark,
            PretrainedModel model,
            EvaluationConfig config,
            Path output,
            Progress progress) {
        ObjectNode identity = JsonNodeFactory.instance
                .objectNode()
                .put("task", benchmark.name())
                .put("model_hash", config.modelHash())
                .put("dtype", config.dtype())
                .put("batch_size", config.batchSize());
        return new KeptLogLikelihoods(
                told -> new ModelLogLikelihoods(model, config.batchSize(), told),
                PartialSamples.file(output, benchmark.name()),
                identity,
                STRETCH_BATCHES * config.batchSize(),
                progress);
    }

    private static PromptStyle chat(PretrainedModel model) {
        ChatTemplate template = model.tokenizer().requireChatTemplate();
        return new PromptStyle.Chat(messages ->
                template.render(messages.stream().map(ChosenTasks::message).toList(), null, true));
    }

    static Map<String, String> message(ChatMessage message) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }
}
