package dev.razor.eval.generative;

import java.util.List;
import java.util.Map;

/// One question as it was asked, answered and marked.
///
/// @param index its place in the task, from 0
/// @param marks the values of each metric by its key
public record GenerativeSample(
        int index, GenerativeDocument document, String prompt, Answer answer, Map<String, List<Double>> marks) {}
