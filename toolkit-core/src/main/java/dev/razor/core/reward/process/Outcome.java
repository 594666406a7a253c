package dev.razor.core.reward.process;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What came of a question: the answer, or why there is none.
///
/// @param answer the object that the program printed for it, or null
/// @param failure what went wrong, such as `took longer than 10 s`, or null
public record Outcome(@Nullable ObjectNode answer, @Nullable String failure) {

    static Outcome of(ObjectNode answer) {
        return new Outcome(answer, null);
    }

    static Outcome failed(String failure) {
        return new Outcome(null, failure);
    }
}
