package dev.razor.core.data;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One object of a data file, with its place in the file. The accessors convert nothing: a field that is
/// missing or has another type is a [DataException] that names file, line and field.
///
/// @param line the line on which the record starts, or the row of a Parquet file, counted from one
/// @param at where in the record this object lies, such as `messages[0].`; empty for the record itself
public record JsonRecord(Path file, int line, String at, ObjectNode node) {

    private static final int LONGEST_SHOWN = 80;

    public JsonRecord(Path file, int line, ObjectNode node) {
        this(file, line, "", node);
    }

    /// The record's place for messages: `FILE:LINE`, or `FILE: row ROW` in Parquet.
    public String place() {
        return place(file, line);
    }

    /// As [#place], for a record that is no longer at hand.
    public static String place(Path file, int line) {
        return (DataFiles.isParquet(file) ? "%s: row %d" : "%s:%d").formatted(file, line);
    }

    /// Whether the field is there and not null.
    public boolean has(String key) {
        return node.hasNonNull(key);
    }

    public String text(String key) {
        return text(given(key), key);
    }

    /// The text, or null where the field is missing or null.
    public @Nullable String optionalText(String key) {
        return has(key) ? text(key) : null;
    }

    public int integer(String key) {
        return integer(given(key), key);
    }

    /// The number, or null where the field is missing or null.
    public @Nullable Integer optionalInteger(String key) {
        return has(key) ? Integer.valueOf(integer(key)) : null;
    }

    public double number(String key) {
        JsonNode value = given(key);
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw misfit(key, "a finite number", value);
        }
        return value.asDouble();
    }

    public int[] intArray(String key) {
        ArrayNode array = array(key);
        int[] numbers = new int[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = integer(array.get(i), element(key, i));
        }
        return numbers;
    }

    /// The numbers, or null where the field is missing or null.
    public int @Nullable [] optionalIntArray(String key) {
        return has(key) ? intArray(key) : null;
    }

    public List<String> texts(String key) {
        ArrayNode array = array(key);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(text(array.get(i), element(key, i)));
        }
        return List.copyOf(texts);
    }

    /// An array of objects, such as the messages of a conversation.
    public List<JsonRecord> objects(String key) {
        ArrayNode array = array(key);
        List<JsonRecord> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String place = element(key, i);
            if (!(array.get(i) instanceof ObjectNode object)) {
                throw misfit(place, "an object", array.get(i));
            }
            objects.add(new JsonRecord(file, line, at + place + ".", object));
        }
        return List.copyOf(objects);
    }

    /// A problem with one of this object's fields: `PLACE: FIELD: WHAT`.
    public DataException problem(String key, String what) {
        return new DataException("%s: %s%s: %s".formatted(place(), at, key, what));
    }

    /// A problem with this object as a whole: `PLACE: WHAT`.
    public DataException problem(String what) {
        String within = at.isEmpty() ? "" : at.substring(0, at.length() - 1) + ": ";
        return new DataException("%s: %s%s".formatted(place(), within, what));
    }

    /// A value as a message shows it: as JSON, cut where it grows long.
    static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    private JsonNode given(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            String keys = String.join(", ", node.propertyNames());
            throw problem(key, "missing; " + (keys.isEmpty() ? "there are no fields" : "the fields are " + keys));
        }
        return value;
    }

    private ArrayNode array(String key) {
        JsonNode value = given(key);
        if (value instanceof ArrayNode array) {
            return array;
        }
        throw misfit(key, "a list", value);
    }

    private String text(JsonNode value, String key) {
        if (!value.isString()) {
            throw misfit(key, "a string", value);
        }
        String text = value.stringValue();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw problem(
                        key,
                        "got half of a surrogate pair, \\u%04x, which is no character; remove it".formatted(point));
            }
        }
        return text;
    }

    private int integer(JsonNode value, String key) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw misfit(key, "a whole number of at most 32 bits", value);
        }
        return value.intValue();
    }

    private DataException misfit(String key, String expected, JsonNode value) {
        return problem(key, "expected %s, got %s".formatted(expected, shown(value)));
    }

    private static String element(String key, int i) {
        return key + "[" + i + "]";
    }
}
