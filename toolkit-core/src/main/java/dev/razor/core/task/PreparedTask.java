package dev.razor.core.task;

import dev.razor.core.run.Sha256;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One prompt of a task with what its reward reads, as a line of a prepared file:
///
/// ```
/// {"id": "science-0f3a...", "prompt": [{"role": "user", "content": "..."}], "answer": "B"}
/// ```
///
/// @param group what must not fall into two splits: records of one group are much the same question
/// @param node the line
public record PreparedTask(String group, ObjectNode node) {

    private static final int ID_DIGITS = 16;

    /// A record that is named after its prompt: equal prompts have equal ids, in whatever file they stand.
    ///
    /// @param name what the id begins with
    static PreparedTask of(String name, String group, ArrayNode prompt) {
        String digest = Sha256.ofText(prompt.toString()).substring(0, ID_DIGITS);
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("id", name + "-" + digest);
        node.set("prompt", prompt);
        return new PreparedTask(group, node);
    }

    /// The name of the record.
    public String id() {
        return node.path("id").asString();
    }

    /// A conversation to be answered.
    ///
    /// @param rolesAndContents role, content, role, content ...
    static ArrayNode messages(String... rolesAndContents) {
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.addObject().put("role", rolesAndContents[i]).put("content", rolesAndContents[i + 1]);
        }
        return messages;
    }

    /// A text in lower case whose white space is single blanks, by which questions are compared.
    static String normalised(String text) {
        return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }
}
