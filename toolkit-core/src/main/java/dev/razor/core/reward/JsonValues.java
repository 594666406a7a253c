package dev.razor.core.reward;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// JSON as objects that are equal exactly where Python's `==` says so of what `json.loads` gives:
///
/// - 1 and 1.0 are equal, as are 100 and 1e2: a whole number is compared exactly with a double's exact value,
/// - `NaN` and `Infinity` are read, and each equals itself: `json.loads` gives one and the same NaN object, and
///   the `==` of dictionaries and lists holds of one object before it looks at its value,
/// - of equal keys the last counts, and the order of keys does not,
/// - `true` equals 1 and `false` 0, where `booleansAreNumbers`.
final class JsonValues {

    /// Python refuses a longer whole number.
    private static final int MOST_DIGITS = 4_300;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(MOST_DIGITS).build())
            .build();

    private enum Null {
        NULL
    }

    private JsonValues() {}

    /// A value and where it ends.
    record Read(Object value, int end) {}

    /// The one value that `text` is, or null if it is none.
    static @Nullable Object whole(String text, boolean booleansAreNumbers) {
        Read read = first(text, 0, booleansAreNumbers);
        return read == null || !text.substring(read.end()).matches("[ \\t\\r\\n]*") ? null : read.value();
    }

    /// The value that begins at `start`, whatever follows it, or null if none does.
    static @Nullable Read first(String text, int start, boolean booleansAreNumbers) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.substring(start))) {
            parser.nextToken();
            Object value = value(parser, booleansAreNumbers);
            return value == null
                    ? null
                    : new Read(value, start + (int) parser.currentLocation().getCharOffset());
        } catch (JacksonException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Object value(JsonParser parser, boolean booleans) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return null;
        }
        return switch (token) {
            case START_OBJECT -> object(parser, booleans);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object item = value(parser, booleans);
                    if (item == null) {
                        yield null;
                    }
                    items.add(item);
                }
                yield items;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NULL -> Null.NULL;
            case VALUE_TRUE -> booleans ? BigDecimal.ONE : true;
            case VALUE_FALSE -> booleans ? BigDecimal.ZERO : false;
            case VALUE_NUMBER_INT -> new BigDecimal(new BigInteger(parser.getString())).stripTrailingZeros();
            case VALUE_NUMBER_FLOAT -> number(parser.getString());
            default -> null;
        };
    }

    private static @Nullable Object object(JsonParser parser, boolean booleans) {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            Object value = value(parser, booleans);
            if (value == null) {
                return null;
            }
            fields.put(key, value);
        }
        return parser.currentToken() == JsonToken.END_OBJECT ? fields : null;
    }

    private static @Nullable Object number(String text) {
        if (text.equals("NaN") || text.endsWith("Infinity")) {
            return text.startsWith("+") ? null : text;
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        return new BigDecimal(value).stripTrailingZeros();
    }
}
