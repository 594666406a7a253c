package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The right calls of a question, `[{"Action": NAME, "Action_Input": JSON OBJECT AS TEXT}, ...]`.
///
/// Some of ToolAlpaca's are not: where an input is the output of an earlier call they hold a place for it,
/// `{"animeId": ${animeId from searchAnime}}`, which is no JSON and can be compared with nothing.
final class ToolCalls {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ToolCalls() {}

    /// The calls in a record's field; empty where an input is no JSON object.
    ///
    /// @throws dev.razor.core.base.DataException if the field has another form or holds no call
    static Optional<ArrayNode> given(JsonRecord record, String key) {
        ArrayNode calls = JsonMapper.shared().createArrayNode();
        boolean all = true;
        for (JsonRecord call : record.objects(key)) {
            String action = call.text("Action");
            String input = call.text("Action_Input");
            if (action.isBlank()) {
                throw call.problem("Action", "is empty; name the function that is called");
            }
            all &= isObject(input);
            add(calls, action, input);
        }
        if (calls.isEmpty()) {
            throw record.problem(key, "is empty; a question needs at least one call");
        }
        return all ? Optional.of(calls) : Optional.empty();
    }

    /// The same for a list of such lists.
    static List<Optional<ArrayNode>> givenEach(JsonRecord record, String key) {
        if (!(record.node().get(key) instanceof ArrayNode lists)) {
            throw record.problem(key, "expected a list of lists of calls");
        }
        List<Optional<ArrayNode>> each = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            ObjectNode one = JsonMapper.shared().createObjectNode();
            String name = "%s[%d]".formatted(key, i);
            one.set(name, lists.get(i));
            each.add(given(new JsonRecord(record.file(), record.line(), record.at(), one), name));
        }
        return each;
    }

    /// Adds a call.
    static void add(ArrayNode calls, String action, String input) {
        calls.addObject().put("Action", action).put("Action_Input", input);
    }

    /// Whether a text is a JSON object and nothing else.
    static boolean isObject(String text) {
        try {
            return STRICT.readTree(text).isObject();
        } catch (JacksonException _) {
            return false;
        }
    }
}
