package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes items of the lines of one file of samples. Mostly a line is an item; lm-evaluation-harness writes a line
/// for every filter of an item, and Razor one for every completion of a program, whose marks are averaged.
final class ItemLines {

    /// An item whose lines are being read.
    ///
    /// @param metrics values by filter and name, in the order of the lines
    /// @param completions lines of a completion each
    private record Draft(
            String where,
            Question question,
            List<String> prompts,
            SequencedMap<String, SequencedMap<String, List<Double>>> metrics,
            boolean completions) {}

    private final SequencedMap<String, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> filters = new HashSet<>();

    void add(JsonRecord record) {
        ObjectNode node = record.node();
        if (!node.hasNonNull("doc_id") || !node.hasNonNull("metrics")) {
            throw new DataException("%s: must have doc_id and metrics, got %s; give a file that razor eval wrote"
                    .formatted(record.place(), String.join(", ", node.propertyNames())));
        }
        String id = node.path("doc_id").asString("");
        String filter = node.path("filter").asString("");
        Draft draft = drafts.computeIfAbsent(
                id,
                _ -> new Draft(
                        record.place(),
                        Question.of(node),
                        prompts(node),
                        new LinkedHashMap<>(),
                        node.has("completion")));
        if (draft.metrics().containsKey(filter) && !draft.completions()) {
            throw new DataException("%s: doc_id %s stands here a second time, first at %s; remove one"
                    .formatted(record.place(), id, draft.where()));
        }
        filters.add(filter);
        var values = draft.metrics().computeIfAbsent(filter, _ -> new LinkedHashMap<>());
        metrics(node)
                .forEach((name, more) ->
                        values.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more));
    }

    /// What the model was asked: `contexts`, `prompt`, or the harness's `arguments`.
    private static List<String> prompts(ObjectNode node) {
        List<String> prompts = new ArrayList<>();
        node.path("contexts").forEach(context -> prompts.add(context.asString("")));
        if (node.hasNonNull("prompt")) {
            prompts.add(node.path("prompt").asString(""));
        }
        node.path("arguments")
                .forEach(request -> prompts.add(request.path("arg_0").asString("")));
        return prompts;
    }

    /// Razor's metrics are an object; the harness lists their names and has the values beside.
    private static SequencedMap<String, List<Double>> metrics(ObjectNode node) {
        JsonNode metrics = node.path("metrics");
        SequencedMap<String, List<Double>> found = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        if (metrics.isArray()) {
            metrics.forEach(name -> names.add(name.asString("")));
        } else {
            names.addAll(metrics.propertyNames());
        }
        for (String name : names) {
            JsonNode value = metrics.isArray() ? node.path(name) : metrics.path(name);
            List<Double> values = new ArrayList<>();
            (value.isArray() ? value.values() : List.of(value)).forEach(each -> {
                if (each.isNumber()) {
                    values.add(each.doubleValue());
                } else if (each.isBoolean()) {
                    values.add(each.booleanValue() ? 1.0 : 0.0);
                }
            });
            if (!values.isEmpty()) {
                found.put(name, values);
            }
        }
        return found;
    }

    /// The items by number. Where the lines had several filters, a metric's name carries its own, as in
    /// `exact_match,strict-match`.
    SequencedMap<String, Item> items() {
        var items = new LinkedHashMap<String, Item>();
        drafts.forEach((id, draft) -> {
            SequencedMap<String, List<Double>> metrics = new LinkedHashMap<>();
            draft.metrics()
                    .forEach((filter, values) -> values.forEach((name, marks) -> metrics.put(
                            filters.size() > 1 ? name + "," + filter : name,
                            draft.completions() ? List.of(mean(marks)) : List.copyOf(marks))));
            items.put(id, new Item(draft.where(), id, draft.question(), draft.prompts(), metrics));
        });
        return items;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
