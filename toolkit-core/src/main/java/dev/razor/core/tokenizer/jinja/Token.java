package dev.razor.core.tokenizer.jinja;

/// A piece of a template: text outside tags, the ends of tags, and what stands between them.
record Token(Kind kind, String text, int line) {

    /// What a token is.
    enum Kind {
        DATA,
        OUTPUT_BEGIN,
        OUTPUT_END,
        TAG_BEGIN,
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /// The token as an error message shows it.
    String shown() {
        return switch (kind) {
            case DATA -> "text";
            case OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
            case STRING -> Python.quote(text);
            case END -> "the end of the template";
        };
    }
}
