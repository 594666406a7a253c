package dev.razor.eval.compare;

import java.util.Map;

/// One item of a task as a model answered it.
///
/// @param where file and line, for messages
/// @param id the item's number in the task
/// @param content what tells that two items are the same question: choices and right answers, or the document's
///     hash
/// @param prompt what the model was asked
/// @param metrics each metric's value
record Item(String where, String id, String content, String prompt, Map<String, Double> metrics) {}
