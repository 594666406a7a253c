package dev.razor.eval.generative;

import dev.razor.core.base.DataException;
import dev.razor.eval.ChatMessage;
import java.util.List;

/// How a question becomes the text that a model goes on with.
public sealed interface AnswerPrompt {

    /// The turns one after the other, each with its delimiter.
    record Plain() implements AnswerPrompt {}

    /// A conversation up to where the assistant's answer begins or goes on.
    record Chat(Template template) implements AnswerPrompt {}

    /// A model's chat template.
    @FunctionalInterface
    interface Template {

        /// The text of `messages`.
        ///
        /// @param addGenerationPrompt whether to end with what opens the assistant's next turn
        String render(List<ChatMessage> messages, boolean addGenerationPrompt);
    }

    /// `rendered` up to the end of its last message, whose content is `message`: what transformers makes of
    /// `continue_final_message`. A template that strips the content strips it here too.
    static String endingIn(String message, String rendered) {
        String core = message.strip();
        int at = rendered.lastIndexOf(core);
        if (at < 0) {
            throw new DataException("chat_template: leaves out the beginning of the assistant's answer, got no '%s' in"
                            .formatted(core.lines().findFirst().orElse(""))
                    + " the rendered conversation; leave out --chat-template");
        }
        String kept = message.stripLeading();
        return rendered.startsWith(kept, at)
                ? rendered.substring(0, at + kept.length())
                : rendered.substring(0, at + core.length());
    }
}
