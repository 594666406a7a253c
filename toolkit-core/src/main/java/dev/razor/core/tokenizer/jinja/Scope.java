package dev.razor.core.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of a template, a loop's turn or a macro's call. A loop reads the variables around it, and what
/// it sets is gone after each turn.
final class Scope {

    private final @Nullable Scope outer;
    private final Map<String, Value> variables = new LinkedHashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined("'" + name + "' is undefined");
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }
}
