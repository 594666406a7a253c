package dev.razor.eval.results;

import dev.razor.core.run.JsonLine;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The lines of `samples_TASK.jsonl` for answers in the model's own words: one document each, with its prompt,
/// the answer, the right one and the marks.
final class AnswersJson {

    private AnswersJson() {}

    static String lines(GenerativeResult task) {
        return task.samples().stream()
                .map(sample -> JsonLine.of(line(sample, task.metrics())) + "\n")
                .collect(Collectors.joining());
    }

    private static ObjectNode line(GenerativeSample sample, List<GenerativeMetric> metrics) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("doc_id", sample.index())
                .put("id", sample.document().id())
                .put("prompt", sample.prompt())
                .put("response", sample.answer().text())
                .put("target", sample.document().target());
        ObjectNode values = line.putObject("metrics");
        for (GenerativeMetric metric : metrics) {
            List<Double> marks = sample.marks().getOrDefault(metric.key(), List.of());
            if (metric.perDocument()) {
                values.put(metric.key(), marks.getFirst());
            } else {
                marks.forEach(values.putArray(metric.key())::add);
            }
        }
        return line.put("tokens", sample.answer().tokens())
                .put("ended", sample.answer().ended())
                .put("dropped_tokens", sample.answer().droppedTokens());
    }
}
