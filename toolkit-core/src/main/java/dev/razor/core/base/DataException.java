package dev.razor.core.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A data file or record that cannot be used; the message names the file and the line.
public final class DataException extends UserException {

    private static final long serialVersionUID = 1;

    public DataException(String problem) {
        super(List.of(problem), null);
    }

    public DataException(String problem, @Nullable Throwable cause) {
        super(List.of(problem), cause);
    }

    public DataException(List<String> problems) {
        super(problems, null);
    }
}
