package dev.razor.core.tokenizer;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import dev.razor.core.tokenizer.jinja.JinjaException;
import dev.razor.core.tokenizer.jinja.Template;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Jinja template by which a model's conversations become text.
///
/// The template sees `messages`, `tools`, `documents` (none), `add_generation_prompt` and the special tokens'
/// texts (`bos_token`, `eos_token`, ...), as in transformers' `apply_chat_template`.
public final class ChatTemplate {

    private final String where;
    private final Template template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(String where, Template template, Map<String, String> specialTokens, Clock clock) {
        this.where = where;
        this.template = template;
        this.specialTokens = new LinkedHashMap<>(specialTokens);
        this.clock = clock;
    }

    /// Parses a template.
    ///
    /// @param where the file it comes from, for messages
    /// @param specialTokens texts by the names that the template knows them by, such as `bos_token`
    public static ChatTemplate parse(String where, String source, Map<String, String> specialTokens) {
        return parse(where, source, specialTokens, Clock.system(ZoneId.systemDefault()));
    }

    static ChatTemplate parse(String where, String source, Map<String, String> specialTokens, Clock clock) {
        try {
            return new ChatTemplate(where, Template.parse(source), specialTokens, clock);
        } catch (JinjaException e) {
            throw new CheckpointException(
                    "%s: line %d of the chat template: %s; correct the template"
                            .formatted(where, e.line(), e.problem()),
                    e);
        }
    }

    /// The text of a conversation.
    ///
    /// @param messages maps with `role`, `content`, ..., as a JSON reader makes them
    /// @param tools the functions that the assistant may call; null for none
    /// @param addGenerationPrompt whether to end with what opens the assistant's next turn
    public String render(
            List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools,
            boolean addGenerationPrompt) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.put("messages", messages);
        variables.put("tools", tools);
        variables.put("documents", null);
        variables.put("add_generation_prompt", addGenerationPrompt);
        try {
            return template.render(variables, clock);
        } catch (JinjaException e) {
            throw new DataException(
                    "%s: line %d of the chat template refuses the messages: %s; change the messages or the template"
                            .formatted(where, e.line(), e.problem()),
                    e);
        }
    }
}
