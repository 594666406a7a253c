package dev.razor.eval.generative;

import dev.razor.core.tokenizer.ChatTemplate;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.PromptStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model's chat template in the two forms in which benchmarks ask for it.
///
/// @param template of the model's tokenizer
public record ChatPrompts(ChatTemplate template) {

    /// That of `tokenizer`.
    ///
    /// @throws dev.razor.core.base.CheckpointException if it has none
    public static ChatPrompts of(Tokenizer tokenizer) {
        return new ChatPrompts(tokenizer.requireChatTemplate());
    }

    /// For questions of multiple choice: up to where the assistant's answer begins.
    public PromptStyle.Chat choices() {
        return new PromptStyle.Chat(messages -> render(messages, true));
    }

    /// For answers that the model writes.
    public AnswerPrompt.Chat answers() {
        return new AnswerPrompt.Chat(this::render);
    }

    private String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return template.render(messages.stream().map(ChatPrompts::fields).toList(), null, addGenerationPrompt);
    }

    private static Map<String, String> fields(ChatMessage message) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("role", message.role());
        fields.put("content", message.content());
        return fields;
    }
}
