package dev.razor.eval.results;

import dev.razor.core.base.Check;
import dev.razor.eval.Aggregate;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Written answers in the terms of lm-evaluation-harness: a line a document for every filter.
final class LmEvalAnswers {

    private LmEvalAnswers() {}

    static LmEvalTask task(GenerativeResult task) {
        List<Aggregate> values = task.aggregates();
        List<LmEvalTask.Metric> metrics = IntStream.range(0, values.size())
                .mapToObj(i -> {
                    GenerativeMetric metric = task.metrics().get(i);
                    return new LmEvalTask.Metric(metric.name(), metric.filter(), values.get(i));
                })
                .toList();
        ObjectNode generation = generation(task.limits());
        List<LmEvalSample> samples = new ArrayList<>();
        for (String filter :
                task.metrics().stream().map(GenerativeMetric::filter).distinct().toList()) {
            List<GenerativeMetric> behind = task.metrics().stream()
                    .filter(metric -> metric.filter().equals(filter))
                    .toList();
            task.samples().forEach(sample -> samples.add(sample(sample, filter, behind, generation)));
        }
        return new LmEvalTask(
                task.name(),
                task.version(),
                task.numFewshot(),
                task.available(),
                task.samples().size(),
                metrics,
                generation,
                samples);
    }

    /// How answers are written, as the harness's `generation_kwargs`.
    static ObjectNode generation(GenerationLimits limits) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        limits.until().forEach(node.putArray("until")::add);
        return node.put("max_gen_toks", limits.maxNewTokens()).put("do_sample", false);
    }

    private static LmEvalSample sample(
            GenerativeSample sample, String filter, List<GenerativeMetric> metrics, ObjectNode generation) {
        String answer = sample.answer().text();
        ArrayNode responses = JsonMapper.shared().createArrayNode().add(answer);
        JsonNode filtered = JsonNodeFactory.instance.stringNode(
                metrics.getFirst().extraction().apply(answer));
        SequencedMap<String, JsonNode> values = new LinkedHashMap<>();
        metrics.forEach(metric -> values.put(metric.name(), value(sample, metric)));
        return new LmEvalSample(
                sample.index(),
                document(sample.document()),
                sample.document().target(),
                List.of(new LmEvalSample.Request(sample.prompt(), generation, responses, filtered)),
                filter,
                values);
    }

    private static JsonNode value(GenerativeSample sample, GenerativeMetric metric) {
        List<Double> marks = sample.marks().getOrDefault(metric.key(), List.of());
        if (!metric.perDocument()) {
            ArrayNode list = JsonMapper.shared().createArrayNode();
            marks.forEach(list::add);
            return list;
        }
        Check.that(marks.size() == 1, "%s needs one value a document, got %s", metric.key(), marks);
        return JsonNodeFactory.instance.numberNode(marks.getFirst());
    }

    /// The question without its examples.
    private static ObjectNode document(GenerativeDocument document) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("id", document.id());
        document.turns().stream()
                .filter(turn -> turn.role().equals("user"))
                .reduce((_, last) -> last)
                .ifPresent(turn -> node.put("question", turn.content()));
        return node.put("answer", document.target());
    }
}
