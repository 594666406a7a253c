package dev.razor.eval.compare;

import java.util.List;
import java.util.SequencedMap;

/// One item of a task as a model answered it.
///
/// @param where file and line, for messages
/// @param id the item's number in the task
/// @param question what tells whether two items are the same
/// @param prompts what the model was asked, one a choice or one alone; empty where the file does not say
/// @param metrics each metric's values: one, or one a part of the question (IFEval's instructions)
record Item(
        String where, String id, Question question, List<String> prompts, SequencedMap<String, List<Double>> metrics) {

    /// Whether both models were asked the same question, in whatever words.
    boolean isSame(Item other) {
        return question.isSame(other.question, !prompts.isEmpty() && prompts.equals(other.prompts));
    }
}
