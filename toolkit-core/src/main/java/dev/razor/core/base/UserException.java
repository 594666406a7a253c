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
        super(String.join(System.lineSeparator(), oneLineEach(problems)), cause);
        this.problems = oneLineEach(problems);
    }

    /// Values in a message come from files: none may break its line or steer the terminal.
    private static List<String> oneLineEach(List<String> problems) {
        return problems.stream().map(UserException::oneLine).toList();
    }

    private static String oneLine(String problem) {
        var line = new StringBuilder(problem.length());
        problem.codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    line.append(point == '\n' ? "\\n" : "\\u%04x".formatted(point));
                default -> line.appendCodePoint(point);
            }
        });
        return line.toString();
    }

    /// One line a problem, in the order they were found.
    public List<String> problems() {
        return problems;
    }
}
