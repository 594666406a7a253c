package dev.razor.eval.generative;

import java.util.List;
import java.util.Map;

/// Marks the answers to one question.
@FunctionalInterface
public interface Grader {

    /// The values of each metric by its key; one value, or one a part of the question.
    Map<String, List<Double>> grade(String answer);
}
