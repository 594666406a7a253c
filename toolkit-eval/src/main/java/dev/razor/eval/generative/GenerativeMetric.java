package dev.razor.eval.generative;

/// The name of something that is measured of answers.
///
/// @param key as in result files
/// @param perDocument whether each document has one value; where it has several (an instruction each), all of
///     them count the same in the mean, and no standard error is given, as in lm-evaluation-harness
public record GenerativeMetric(String key, boolean perDocument) {

    /// One value a document.
    public static GenerativeMetric of(String key) {
        return new GenerativeMetric(key, true);
    }
}
