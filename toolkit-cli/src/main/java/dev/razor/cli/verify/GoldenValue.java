package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A value in a golden JSON file. What is missing or of another type is a [DataException] that names the place.
///
/// @param where file and place, such as `golden/greedy.json: continuations[2].ids`
record GoldenValue(String where, JsonNode node) {

    private static final int LONGEST_SHOWN = 60;

    /// Whether the field is there and not null.
    boolean has(String key) {
        return node.hasNonNull(key);
    }

    GoldenValue get(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            throw new DataException("%s: %s is missing; restore the file".formatted(where, key));
        }
        return new GoldenValue(where + (where.endsWith(".json") ? ": " : ".") + key, value);
    }

    /// The fields of an object in the order of the file.
    List<String> keys() {
        if (!node.isObject()) {
            throw misfit("an object");
        }
        return List.copyOf(node.propertyNames());
    }

    /// The one field whose name begins with `prefix`.
    String keyWithPrefix(String prefix) {
        return keys().stream()
                .filter(key -> key.startsWith(prefix))
                .findFirst()
                .orElseThrow(
                        () -> new DataException("%s: %s... is missing; restore the file".formatted(where, prefix)));
    }

    List<GoldenValue> list() {
        if (!node.isArray()) {
            throw misfit("a list");
        }
        List<GoldenValue> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new GoldenValue("%s[%d]".formatted(where, elements.size()), element));
        }
        return elements;
    }

    String text() {
        if (!node.isString()) {
            throw misfit("a text");
        }
        return node.stringValue();
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw misfit("true or false");
        }
        return node.booleanValue();
    }

    double number() {
        if (!node.isNumber()) {
            throw misfit("a number");
        }
        return node.asDouble();
    }

    int integer() {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw misfit("a whole number");
        }
        return node.intValue();
    }

    double[] numbers() {
        return list().stream().mapToDouble(GoldenValue::number).toArray();
    }

    int[] integers() {
        return list().stream().mapToInt(GoldenValue::integer).toArray();
    }

    /// Token ids, each below `vocabularySize`.
    int[] tokenIds(int vocabularySize) {
        return list().stream()
                .mapToInt(value -> {
                    int id = value.integer();
                    if (id < 0 || id >= vocabularySize) {
                        throw value.misfit("a token id below the model's vocab_size of " + vocabularySize);
                    }
                    return id;
                })
                .toArray();
    }

    DataException misfit(String expected) {
        String shown = node.toString();
        return new DataException("%s: expected %s, got %s; restore the file"
                .formatted(
                        where,
                        expected,
                        shown.length() <= LONGEST_SHOWN ? shown : shown.substring(0, LONGEST_SHOWN) + "..."));
    }
}
