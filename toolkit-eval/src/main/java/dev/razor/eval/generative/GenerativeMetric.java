package dev.razor.eval.generative;

import java.util.function.UnaryOperator;

/// The name of something that is measured of answers.
///
/// @param key as in result files: the metric's name and, where only a part of the answer is compared, the name of
///     the filter that takes it, as in `exact_match,strict-match`
/// @param perDocument whether each document has one value; where it has several (an instruction each), all of
///     them count the same in the mean, and no standard error is given, as in lm-evaluation-harness
/// @param extraction what the filter takes of an answer
public record GenerativeMetric(String key, boolean perDocument, UnaryOperator<String> extraction) {

    /// The harness's name for taking an answer as it is.
    public static final String NO_FILTER = "none";

    /// Of whole answers.
    public GenerativeMetric(String key, boolean perDocument) {
        this(key, perDocument, UnaryOperator.identity());
    }

    /// One value a document.
    public static GenerativeMetric of(String key) {
        return new GenerativeMetric(key, true);
    }

    /// The same of what `extraction` takes of an answer.
    public GenerativeMetric extracting(UnaryOperator<String> extraction) {
        return new GenerativeMetric(key, perDocument, extraction);
    }

    /// The key without the filter.
    public String name() {
        int comma = key.indexOf(',');
        return comma < 0 ? key : key.substring(0, comma);
    }

    /// The filter's name.
    public String filter() {
        int comma = key.indexOf(',');
        return comma < 0 ? NO_FILTER : key.substring(comma + 1);
    }
}
