package dev.razor.core.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// JSON as Python's `json.dumps` writes it, with the arguments that transformers gives the filter `tojson`:
/// keys in their order, separators `", "` and `": "`, and no escapes that JSON does not ask for.
final class JsonText {

    private final boolean asciiOnly;
    private final boolean sortKeys;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final StringBuilder out = new StringBuilder();

    private JsonText(Arguments.Bound bound) {
        asciiOnly = Python.isTrue(bound.get("ensure_ascii", Value.FALSE));
        sortKeys = Python.isTrue(bound.get("sort_keys", Value.FALSE));
        Value width = bound.get("indent", Value.NONE);
        indent = switch (width) {
            case Value.None _ -> "";
            case Value.Text text -> "\n" + text.value();
            default -> "\n" + " ".repeat(Math.max(0, Python.requireInt(width, "tojson")));
        };
        List<Value> separators = Python.iterate(
                bound.get("separators", Value.tuple(Value.of(indent.isEmpty() ? ", " : ","), Value.of(": "))));
        if (separators.size() != 2) {
            throw new JinjaException("tojson needs two separators, got " + separators.size());
        }
        itemSeparator = Python.requireText(separators.getFirst(), "tojson");
        keySeparator = Python.requireText(separators.getLast(), "tojson");
    }

    static Value tojson(Value value, Arguments arguments) {
        JsonText text = new JsonText(arguments.bind("ensure_ascii", "indent", "separators", "sort_keys"));
        text.write(value, 0);
        return Value.of(text.out.toString());
    }

    private void write(Value value, int depth) {
        switch (value) {
            case Value.None _ -> out.append("null");
            case Value.Bool truth -> out.append(truth.value());
            case Value.Int number -> out.append(number.value());
            case Value.Real number -> out.append(real(number.value()));
            case Value.Text text -> string(text.value());
            case Value.Sequence sequence -> {
                List<Runnable> items = new ArrayList<>();
                sequence.items().forEach(item -> items.add(() -> write(item, depth + 1)));
                group('[', items, ']', depth);
            }
            case Value.Dict dict -> {
                List<Map.Entry<Value, Value>> entries =
                        new ArrayList<>(dict.entries().entrySet());
                if (sortKeys) {
                    entries.sort(Map.Entry.comparingByKey(Comparator.comparing(JsonText::key)));
                }
                List<Runnable> items = new ArrayList<>();
                entries.forEach(entry -> items.add(() -> {
                    string(key(entry.getKey()));
                    out.append(keySeparator);
                    write(entry.getValue(), depth + 1);
                }));
                group('{', items, '}', depth);
            }
            case Value.Undefined undefined -> throw undefined.raise();
            case Value.Namespace _, Value.Function _ ->
                throw new JinjaException("a " + Python.typeName(value) + " is not JSON");
        }
    }

    private void group(char open, List<Runnable> items, char close, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : itemSeparator);
            newLine(depth + 1);
            items.get(i).run();
        }
        if (!items.isEmpty()) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        if (!indent.isEmpty()) {
            out.append('\n').repeat(indent.substring(1), depth);
        }
    }

    private static String real(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Python.repr(number);
    }

    private static String key(Value key) {
        return switch (key) {
            case Value.Text text -> text.value();
            case Value.None _ -> "null";
            case Value.Bool truth -> String.valueOf(truth.value());
            case Value.Int number -> number.value().toString();
            case Value.Real number -> real(number.value());
            case Value.Undefined _, Value.Sequence _, Value.Dict _, Value.Namespace _, Value.Function _ ->
                throw new JinjaException("a " + Python.typeName(key) + " is no key of JSON");
        };
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (asciiOnly && c > 0x7e)) {
                        out.append("\\u%04x".formatted((int) c).toLowerCase(Locale.ROOT));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
