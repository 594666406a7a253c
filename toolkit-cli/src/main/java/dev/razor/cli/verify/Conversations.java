package dev.razor.cli.verify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Conversations of a golden file, rendered by the base model's chat template.
final class Conversations {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Conversations() {}

    static String render(
            Subject subject, GoldenValue messages, @Nullable GoldenValue tools, boolean addGenerationPrompt) {
        return subject.tokenizer()
                .requireChatTemplate()
                .render(objects(messages), tools == null ? null : objects(tools), addGenerationPrompt);
    }

    private static List<Map<String, Object>> objects(GoldenValue list) {
        try {
            return JSON.convertValue(list.node(), new TypeReference<List<Map<String, Object>>>() {});
        } catch (JacksonException e) {
            throw list.misfit("a list of objects");
        }
    }
}
