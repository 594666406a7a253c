package dev.razor.eval.results;

import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TextRequest;
import dev.razor.eval.generative.GenerativeMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Multiple choice in the terms of lm-evaluation-harness: a request a choice, answered by its log-likelihood and
/// whether it was the likeliest text.
final class LmEvalChoices {

    private LmEvalChoices() {}

    static LmEvalTask task(TaskResult task) {
        return new LmEvalTask(
                task.name(),
                task.version(),
                task.numFewshot(),
                task.available(),
                task.samples().size(),
                task.aggregates().stream()
                        .map(one -> new LmEvalTask.Metric(one.metric(), GenerativeMetric.NO_FILTER, one))
                        .toList(),
                null,
                task.samples().stream().map(sample -> sample(sample, task)).toList());
    }

    private static LmEvalSample sample(Sample sample, TaskResult task) {
        List<LmEvalSample.Request> requests = new ArrayList<>();
        for (int i = 0; i < sample.requests().size(); i++) {
            TextRequest request = sample.requests().get(i);
            ArrayNode answer = answer(sample.scores().get(i));
            requests.add(new LmEvalSample.Request(
                    request.context(),
                    JsonNodeFactory.instance.stringNode(request.continuation()),
                    JsonMapper.shared().createArrayNode().add(answer),
                    answer));
        }
        SequencedMap<String, JsonNode> metrics = new LinkedHashMap<>();
        sample.values(task.metrics())
                .forEach((name, value) -> metrics.put(name, JsonNodeFactory.instance.numberNode(value)));
        return new LmEvalSample(
                sample.index(),
                document(sample.document()),
                target(sample.document()),
                requests,
                GenerativeMetric.NO_FILTER,
                metrics);
    }

    private static ArrayNode answer(LogLikelihood score) {
        return JsonMapper.shared()
                .createArrayNode()
                .add(Double.toString(score.sum()))
                .add(score.greedy() ? "True" : "False");
    }

    private static ObjectNode document(Document document) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("query", document.choices().getFirst().query());
        document.choices().stream().map(Choice::text).forEach(node.putArray("choices")::add);
        document.gold().forEach(node.putArray("gold")::add);
        return node;
    }

    /// The index of the right choice; where the choices differ in what stands before them, the text that is
    /// scored.
    private static String target(Document document) {
        boolean oneQuery =
                document.choices().stream().map(Choice::query).distinct().count() == 1;
        return oneQuery
                ? document.gold().getFirst().toString()
                : document.choices().getFirst().text();
    }
}
