package dev.razor.core.pretrained;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A record's conversation, `messages` and `tools`, in the form that chat templates read.
///
/// A role that a template does not know it may leave out without a word, so roles are checked here.
public record ChatRecord(
        List<Map<String, @Nullable Object>> messages,
        @Nullable List<Map<String, @Nullable Object>> tools) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool", "function");

    /// The conversation in `record`.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field of what is no conversation
    public static ChatRecord of(JsonRecord record) {
        return new ChatRecord(messages(record, "messages"), tools(record));
    }

    /// The messages in one field of `record`, which has at least one there.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field of what is no message
    public static List<Map<String, @Nullable Object>> messages(JsonRecord record, String key) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        for (JsonRecord message : record.objects(key)) {
            String role = message.text("role");
            if (!ROLES.contains(role)) {
                throw message.problem("role", "got %s; the roles are %s".formatted(role, String.join(", ", ROLES)));
            }
            // An assistant that calls a tool need not say anything.
            if (message.has("content") || !message.has("tool_calls")) {
                message.text("content");
            }
            messages.add(map(message));
        }
        if (messages.isEmpty()) {
            throw record.problem(key, "is empty; a conversation needs a message");
        }
        return messages;
    }

    /// The record's `tools`, or null where it has none.
    public static @Nullable List<Map<String, @Nullable Object>> tools(JsonRecord record) {
        return record.has("tools")
                ? record.objects("tools").stream().map(ChatRecord::map).toList()
                : null;
    }

    private static Map<String, @Nullable Object> map(JsonRecord record) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        record.node()
                .properties()
                .forEach(field -> map.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class)));
        return map;
    }
}
