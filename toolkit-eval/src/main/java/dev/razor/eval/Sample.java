package dev.razor.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One document as it was asked and answered.
///
/// @param index its place in the task, from 0
/// @param requests one a choice
/// @param scores one a choice
/// @param droppedTokens how many tokens each request lost because it was longer than the model can read
public record Sample(
        int index,
        Document document,
        List<TextRequest> requests,
        List<LogLikelihood> scores,
        List<Integer> droppedTokens) {

    public Sample {
        requests = List.copyOf(requests);
        scores = List.copyOf(scores);
        droppedTokens = List.copyOf(droppedTokens);
    }

    /// The log-likelihood of each choice.
    public List<Double> sums() {
        return scores.stream().map(LogLikelihood::sum).toList();
    }

    /// The value of each metric by its name, in the order given.
    public Map<String, Double> values(List<Metric> metrics) {
        var values = new LinkedHashMap<String, Double>();
        for (Metric metric : metrics) {
            values.put(metric.key(), metric.of(document, sums()));
        }
        return values;
    }
}
