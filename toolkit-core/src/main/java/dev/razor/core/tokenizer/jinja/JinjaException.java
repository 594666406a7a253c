package dev.razor.core.tokenizer.jinja;

/// A template that cannot be parsed, or that raised while it was rendered.
public final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int line;

    JinjaException(String message) {
        this(message, 0);
    }

    JinjaException(String message, int line) {
        super(message);
        this.line = line;
    }

    /// This problem with the line it arose in, unless an inner statement has named its own.
    JinjaException at(int statementLine) {
        if (line != 0) {
            return this;
        }
        JinjaException located = new JinjaException(problem(), statementLine);
        located.setStackTrace(getStackTrace());
        return located;
    }

    /// What is wrong, in one line.
    public String problem() {
        return String.valueOf(getMessage());
    }

    /// The line of the template, counted from 1; 0 if it is not known.
    public int line() {
        return line;
    }
}
