package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One record of a data file. Every complaint about it names the file and the place.
///
/// @param where the file and the line or the number of the record
record DataRecord(String where, JsonNode fields) {

    boolean has(String key) {
        return fields.has(key);
    }

    String text(String key) {
        JsonNode value = value(key);
        if (!value.isString()) {
            throw problem("%s must be a text, got %s; correct the record".formatted(key, shown(value)));
        }
        return value.stringValue();
    }

    /// A whole number, written as a number or as a text (`3` or `"3"`).
    int integer(String key) {
        JsonNode value = value(key);
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        if (value.isString() && value.stringValue().matches("-?\\d{1,9}")) {
            return Integer.parseInt(value.stringValue());
        }
        throw problem("%s must be a whole number, got %s; correct the record".formatted(key, shown(value)));
    }

    /// At least two texts.
    List<String> choices(String key) {
        JsonNode value = value(key);
        var texts = new ArrayList<String>();
        if (value.isArray()) {
            for (JsonNode element : value) {
                if (!element.isString()) {
                    throw problem("%s must hold texts only, got %s; correct the record".formatted(key, shown(element)));
                }
                texts.add(element.stringValue());
            }
        }
        if (texts.size() < 2) {
            throw problem(
                    "%s must be a list of at least two texts, got %s; correct the record".formatted(key, shown(value)));
        }
        return List.copyOf(texts);
    }

    /// The records in the list at `key`.
    List<DataRecord> records(String key) {
        JsonNode value = value(key);
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isObject)) {
            throw problem("%s must be a list of objects, got %s; correct the record".formatted(key, shown(value)));
        }
        var records = new ArrayList<DataRecord>();
        for (JsonNode element : value) {
            records.add(new DataRecord("%s: %s[%d]".formatted(where, key, records.size()), element));
        }
        return List.copyOf(records);
    }

    /// The index of the right one of `count` choices.
    int gold(String key, int count) {
        int gold = integer(key);
        if (gold < 0 || gold >= count) {
            throw problem("%s must be from 0 to %d, got %d; correct the record".formatted(key, count - 1, gold));
        }
        return gold;
    }

    /// The record inside this one at `key`.
    DataRecord inner(String key) {
        JsonNode value = value(key);
        if (!value.isObject()) {
            throw problem("%s must be an object, got %s; correct the record".formatted(key, shown(value)));
        }
        return new DataRecord(where + ": " + key, value);
    }

    /// The fields in the order of the file.
    List<Map.Entry<String, JsonNode>> entries() {
        return List.copyOf(fields.properties());
    }

    DataException problem(String what) {
        return new DataException(where + ": " + what);
    }

    private JsonNode value(String key) {
        @Nullable JsonNode value = fields.get(key);
        if (value == null) {
            throw problem("the field %s is missing, got %s; correct the record"
                    .formatted(key, String.join(", ", fields.propertyNames())));
        }
        return value;
    }

    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
