package dev.razor.core.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Python value as a template sees it.
sealed interface Value {

    Value NONE = new None();
    Value TRUE = new Bool(true);
    Value FALSE = new Bool(false);

    /// Python's `None`.
    record None() implements Value {}

    /// What a missing variable, attribute or element yields: it prints as nothing and is false, and any other
    /// use of it raises `problem`.
    record Undefined(String problem) implements Value {

        JinjaException raise() {
            return new JinjaException(problem);
        }
    }

    record Bool(boolean value) implements Value {}

    record Int(BigInteger value) implements Value {}

    record Real(double value) implements Value {}

    record Text(String value) implements Value {}

    /// A list or a tuple; a template cannot change it.
    record Sequence(List<Value> items, boolean isTuple) implements Value {}

    /// A dict in its order of insertion; a template cannot change it.
    record Dict(Map<Value, Value> entries) implements Value {}

    /// The one mutable value: `namespace()`, and the variable `loop`.
    record Namespace(Map<String, Value> attributes) implements Value {}

    /// A macro, a global function or a bound method.
    record Function(String name, Body body) implements Value {

        /// What the function does with its arguments.
        @FunctionalInterface
        interface Body {
            Value call(Arguments arguments);
        }
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Value of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    static Value list(List<Value> items) {
        return new Sequence(items, false);
    }

    static Value tuple(Value... items) {
        return new Sequence(List.of(items), true);
    }

    /// A value of Java's own types, as a JSON reader makes them.
    static Value of(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Value ready -> ready;
            case Boolean truth -> of(truth.booleanValue());
            case Integer number -> of(number.longValue());
            case Long number -> of(number.longValue());
            case Short number -> of(number.longValue());
            case BigInteger number -> new Int(number);
            case Double number -> new Real(number);
            case Float number -> new Real(number.doubleValue());
            case BigDecimal number -> new Real(number.doubleValue());
            case CharSequence text -> of(text.toString());
            case List<?> items -> {
                List<Value> converted = new ArrayList<>(items.size());
                for (Object item : items) {
                    converted.add(of(item));
                }
                yield list(converted);
            }
            case Map<?, ?> map -> {
                Map<Value, Value> converted = new LinkedHashMap<>();
                map.forEach((key, item) -> converted.put(of(key), of(item)));
                yield new Dict(converted);
            }
            default ->
                throw new IllegalArgumentException(
                        "a chat template takes text, numbers, booleans, null, lists and maps, got " + value.getClass());
        };
    }
}
