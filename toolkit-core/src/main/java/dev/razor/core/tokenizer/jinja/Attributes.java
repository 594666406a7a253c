package dev.razor.core.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `object.name`, `object[key]` and slices. A dot looks for a method first, brackets for an element first.
final class Attributes {

    private Attributes() {}

    static Value attribute(Value object, String name) {
        if (object instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        return own(object, name).or(() -> entry(object, Value.of(name))).orElseGet(() -> missing(object, name));
    }

    static Value item(Value object, Value key) {
        if (object instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        Optional<Value> found = entry(object, key);
        if (found.isEmpty() && key instanceof Value.Text name) {
            found = own(object, name.value());
        }
        return found.orElseGet(() -> missing(object, Python.str(key)));
    }

    private static Value missing(Value object, String name) {
        return new Value.Undefined("a " + Python.typeName(object) + " has no element '" + name + "'");
    }

    private static Optional<Value> own(Value object, String name) {
        return switch (object) {
            case Value.Namespace namespace ->
                Optional.ofNullable(namespace.attributes().get(name));
            case Value.Text text -> TextMethods.find(text.value(), name);
            case Value.Dict dict -> dictMethod(dict.entries(), name);
            case Value.Sequence sequence -> sequenceMethod(sequence.items(), name);
            case Value.None _, Value.Undefined _, Value.Bool _, Value.Int _, Value.Real _, Value.Function _ ->
                Optional.empty();
        };
    }

    private static Optional<Value> entry(Value object, Value key) {
        if (object instanceof Value.Dict dict) {
            return Optional.ofNullable(dict.entries().get(key));
        }
        if (key instanceof Value.Int index && (object instanceof Value.Sequence || object instanceof Value.Text)) {
            List<Value> items = Python.iterate(object);
            long i = index.value().bitLength() < 32 ? index.value().longValue() : Integer.MAX_VALUE;
            long position = i < 0 ? i + items.size() : i;
            return position < 0 || position >= items.size() ? Optional.empty() : Optional.of(items.get((int) position));
        }
        return Optional.empty();
    }

    private static Optional<Value> dictMethod(Map<Value, Value> entries, String name) {
        return switch (name) {
            case "keys" -> method(name, _ -> Value.list(List.copyOf(entries.keySet())));
            case "values" -> method(name, _ -> Value.list(List.copyOf(entries.values())));
            case "items" -> method(name, _ -> items(entries));
            case "copy" -> method(name, _ -> new Value.Dict(entries));
            case "get" ->
                method(name, arguments -> {
                    Arguments.Bound bound = arguments.bind("key", "default");
                    Value found = entries.get(bound.require("key"));
                    return found != null ? found : bound.get("default", Value.NONE);
                });
            case "update", "pop", "popitem", "setdefault", "clear" -> method(name, _ -> refuseChange(name));
            default -> Optional.empty();
        };
    }

    /// The entries of a dict as a list of pairs.
    static Value items(Map<Value, Value> entries) {
        List<Value> pairs = new ArrayList<>();
        entries.forEach((key, value) -> pairs.add(Value.tuple(key, value)));
        return Value.list(pairs);
    }

    private static Optional<Value> sequenceMethod(List<Value> items, String name) {
        return switch (name) {
            case "count" ->
                method(name, arguments -> {
                    Value wanted = arguments.bind("value").require("value");
                    return Value.of(items.stream()
                            .filter(item -> Python.equal(item, wanted))
                            .count());
                });
            case "index" ->
                method(name, arguments -> {
                    Value wanted = arguments.bind("value").require("value");
                    for (int i = 0; i < items.size(); i++) {
                        if (Python.equal(items.get(i), wanted)) {
                            return Value.of(i);
                        }
                    }
                    throw new JinjaException(Python.repr(wanted) + " is not in the list");
                });
            case "append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear" ->
                method(name, _ -> refuseChange(name));
            default -> Optional.empty();
        };
    }

    private static Value refuseChange(String name) {
        // the reference renders in an immutable sandbox, which refuses these as well
        throw new JinjaException("'" + name + "' would change a value, which a chat template may not");
    }

    private static Optional<Value> method(String name, Value.Function.Body body) {
        return Optional.of(new Value.Function(name, body));
    }

    /// `object[from:to:step]` by Python's rules; a bound of null is absent.
    static Value slice(Value object, @Nullable Value from, @Nullable Value to, @Nullable Value step) {
        if (object instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        if (!(object instanceof Value.Sequence) && !(object instanceof Value.Text)) {
            throw new JinjaException("a " + Python.typeName(object) + " cannot be sliced");
        }
        List<Value> items = Python.iterate(object);
        int by = bound(step, 1);
        if (by == 0) {
            throw new JinjaException("a slice's step cannot be zero");
        }
        int lowest = by > 0 ? 0 : -1;
        int highest = by > 0 ? items.size() : items.size() - 1;
        int start = clamp(from, by > 0 ? lowest : highest, lowest, highest, items.size());
        int end = clamp(to, by > 0 ? highest : lowest, lowest, highest, items.size());
        List<Value> chosen = new ArrayList<>();
        for (long i = start; by > 0 ? i < end : i > end; i += by) {
            chosen.add(items.get((int) i));
        }
        if (object instanceof Value.Sequence sequence) {
            return new Value.Sequence(chosen, sequence.isTuple());
        }
        StringBuilder text = new StringBuilder();
        chosen.forEach(character -> text.append(Python.str(character)));
        return Value.of(text.toString());
    }

    private static int clamp(@Nullable Value bound, int otherwise, int lowest, int highest, int size) {
        if (bound == null || bound instanceof Value.None) {
            return otherwise;
        }
        long i = bound(bound, 0);
        return Math.clamp(i < 0 ? i + size : i, lowest, highest);
    }

    private static int bound(@Nullable Value bound, int otherwise) {
        return bound == null || bound instanceof Value.None ? otherwise : Python.requireInt(bound, "a slice");
    }
}
