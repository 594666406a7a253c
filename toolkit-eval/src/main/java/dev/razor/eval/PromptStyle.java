package dev.razor.eval;

import java.util.List;
import java.util.function.Function;

/// How a document is put to the model.
public sealed interface PromptStyle {

    /// As plain text: description, examples and question one after the other, a space before each answer.
    record Plain() implements PromptStyle {}

    /// As a conversation: the description is the system message (in place of the template's own), each example
    /// a turn of the user and one of the assistant, the question the user's last. No space before the answer.
    ///
    /// @param template renders the messages up to where the assistant's answer begins
    record Chat(Function<List<ChatMessage>, String> template) implements PromptStyle {}
}
