package dev.razor.core.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A failure that the user's input caused. It holds one line a problem, each of the form
/// *where: what is wrong, got value; what to do*. The command line prints the lines and exits 1.
public abstract sealed class UserException extends RuntimeException
        permits ConfigException, CheckpointException, DataException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    UserException(List<String> problems, @Nullable Throwable cause) {
        super(String.join(System.lineSeparator(), problems), cause);
        this.problems = List.copyOf(problems);
    }

    /// One line a problem, in the order they were found.
    public List<String> problems() {
        return problems;
    }
}
