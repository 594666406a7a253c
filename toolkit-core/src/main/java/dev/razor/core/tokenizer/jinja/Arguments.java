package dev.razor.core.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The arguments of a call.
record Arguments(String function, List<Value> positional, Map<String, Value> named) {

    /// The same arguments all by name; too many, unknown and doubled ones raise as in Python.
    Bound bind(String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaException("%s() takes at most %d arguments, got %d"
                    .formatted(function, parameters.length, positional.size()));
        }
        Map<String, Value> bound = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            bound.put(parameters[i], positional.get(i));
        }
        named.forEach((name, value) -> {
            if (!List.of(parameters).contains(name)) {
                throw new JinjaException("%s() got an unexpected argument '%s'".formatted(function, name));
            }
            if (bound.putIfAbsent(name, value) != null) {
                throw new JinjaException("%s() got two values for argument '%s'".formatted(function, name));
            }
        });
        return new Bound(function, bound);
    }

    /// The arguments but the first `count` positional ones.
    Arguments skip(int count) {
        return new Arguments(function, positional.subList(count, positional.size()), named);
    }

    /// Arguments by name.
    record Bound(String function, Map<String, Value> values) {

        boolean has(String name) {
            return values.containsKey(name);
        }

        Value get(String name, Value otherwise) {
            return values.getOrDefault(name, otherwise);
        }

        Value require(String name) {
            Value value = values.get(name);
            if (value == null) {
                throw new JinjaException("%s() needs the argument '%s'".formatted(function, name));
            }
            return value;
        }

        String text(String name) {
            return Python.requireText(require(name), function);
        }

        int integer(String name, int otherwise) {
            return has(name) ? Python.requireInt(require(name), function) : otherwise;
        }
    }
}
