package dev.razor.core.run;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// A JSON value as one line of text that any JSON reader takes.
///
/// Keys keep their order and numbers all their digits. Two things have no place in JSON or in UTF-8: NaN and
/// infinities become null, and half of a surrogate pair is written as its escape (`\ud83d`).
public final class JsonLine {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonLine() {}

    /// The line, without its end.
    public static String of(JsonNode value) {
        return escapeHalfPairs(JSON.writeValueAsString(finite(value)));
    }

    private static JsonNode finite(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(entry -> copy.set(entry.getKey(), finite(entry.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(element -> copy.add(finite(element)));
                yield copy;
            }
            case NumericNode number when !Double.isFinite(number.asDouble()) -> JsonNodeFactory.instance.nullNode();
            default -> value;
        };
    }

    /// Outside of strings JSON is ASCII, so a half pair can only stand where an escape may.
    private static String escapeHalfPairs(String line) {
        if (line.codePoints().noneMatch(JsonLine::isHalfPair)) {
            return line;
        }
        StringBuilder escaped = new StringBuilder();
        line.codePoints().forEach(point -> {
            if (isHalfPair(point)) {
                escaped.append("\\u%04x".formatted(point));
            } else {
                escaped.appendCodePoint(point);
            }
        });
        return escaped.toString();
    }

    private static boolean isHalfPair(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
