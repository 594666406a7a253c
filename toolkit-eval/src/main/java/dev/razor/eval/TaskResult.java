package dev.razor.eval;

import java.util.List;

/// The scores of one task.
///
/// @param numFewshot how many examples stood before each question
/// @param available how many documents the task has; more than [#samples] when a limit was given
/// @param metrics what the task reports
/// @param samples the documents that were asked
public record TaskResult(
        String name, double version, int numFewshot, int available, List<Metric> metrics, List<Sample> samples) {

    public TaskResult {
        metrics = List.copyOf(metrics);
        samples = List.copyOf(samples);
    }

    /// One a metric, in the order of [#metrics].
    public List<Aggregate> aggregates() {
        return metrics.stream()
                .map(metric -> Aggregate.of(
                        metric.key(),
                        samples.stream()
                                .map(sample -> metric.of(sample.document(), sample.sums()))
                                .toList()))
                .toList();
    }

    /// How many requests were longer than the model can read.
    public long truncatedRequests() {
        return samples.stream()
                .flatMap(sample -> sample.droppedTokens().stream())
                .filter(dropped -> dropped > 0)
                .count();
    }
}
