package dev.razor.eval.results;

import dev.razor.eval.Choice;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.Metric;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TextRequest;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The lines of `samples_TASK.jsonl`: one document each, with what was asked, what the model answered and what it
/// scored.
final class SamplesJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SamplesJson() {}

    static String lines(TaskResult task) {
        return task.samples().stream()
                .map(sample -> JSON.writeValueAsString(line(sample, task.metrics())) + "\n")
                .collect(Collectors.joining());
    }

    /// `gold` is the index of the right choice, or the list of them where the task allows several; `prediction`
    /// is the likeliest choice.
    private static ObjectNode line(Sample sample, List<Metric> metrics) {
        ObjectNode line = JSON.createObjectNode();
        line.put("doc_id", sample.index());
        ArrayNode contexts = line.putArray("contexts");
        ArrayNode continuations = line.putArray("continuations");
        for (TextRequest request : sample.requests()) {
            contexts.add(request.context());
            continuations.add(request.continuation());
        }
        sample.document().choices().stream().map(Choice::text).forEach(line.putArray("choices")::add);
        ArrayNode sums = line.putArray("loglikelihoods");
        ArrayNode greedy = line.putArray("is_greedy");
        for (LogLikelihood score : sample.scores()) {
            sums.add(score.sum());
            greedy.add(score.greedy());
        }
        List<Integer> gold = sample.document().gold();
        if (metrics.contains(Metric.MASS_ON_RIGHT)) {
            gold.forEach(line.putArray("gold")::add);
        } else {
            line.put("gold", gold.getFirst());
        }
        line.put("prediction", Metric.ACCURACY.prediction(sample.document(), sample.sums()));
        ObjectNode values = line.putObject("metrics");
        sample.values(metrics).forEach(values::put);
        sample.droppedTokens().forEach(line.putArray("dropped_tokens")::add);
        return line;
    }
}
