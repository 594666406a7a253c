package dev.razor.core.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A configuration that cannot be used; the message says which key to change.
public final class ConfigException extends UserException {

    private static final long serialVersionUID = 1;

    public ConfigException(String problem) {
        super(List.of(problem), null);
    }

    public ConfigException(String problem, @Nullable Throwable cause) {
        super(List.of(problem), cause);
    }

    public ConfigException(List<String> problems) {
        super(problems, null);
    }
}
