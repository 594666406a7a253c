package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import dev.razor.eval.Aggregate;
import java.util.List;
import java.util.OptionalDouble;

/// The scores of one task.
///
/// @param numFewshot how many examples stood before each question
/// @param available how many documents the task has; more than [#samples] when a limit was given
/// @param limits where an answer ended
public record GenerativeResult(
        String name,
        double version,
        int numFewshot,
        int available,
        GenerationLimits limits,
        List<GenerativeMetric> metrics,
        List<GenerativeSample> samples) {

    public GenerativeResult {
        metrics = List.copyOf(metrics);
        samples = List.copyOf(samples);
    }

    /// One a metric, in the order of [#metrics].
    public List<Aggregate> aggregates() {
        return metrics.stream().map(this::aggregate).toList();
    }

    private Aggregate aggregate(GenerativeMetric metric) {
        List<Double> values = samples.stream()
                .flatMap(sample -> {
                    List<Double> marks = sample.marks().getOrDefault(metric.key(), List.of());
                    Check.that(
                            !metric.perDocument() || marks.size() == 1,
                            "%s: %s needs one value a document, got %s",
                            name,
                            metric.key(),
                            marks);
                    return marks.stream();
                })
                .toList();
        Aggregate mean = Aggregate.of(metric.key(), values);
        return metric.perDocument()
                ? mean
                : new Aggregate(mean.metric(), mean.mean(), OptionalDouble.empty(), mean.count());
    }

    /// How many prompts lost their beginning.
    public long truncatedRequests() {
        return samples.stream()
                .filter(sample -> sample.answer().droppedTokens() > 0)
                .count();
    }

    /// How many answers ran into the limit.
    public long unendedAnswers() {
        return samples.stream().filter(sample -> !sample.answer().ended()).count();
    }
}
