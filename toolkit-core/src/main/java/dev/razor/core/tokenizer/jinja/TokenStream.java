package dev.razor.core.tokenizer.jinja;

import java.util.List;

/// The tokens that a parser has still to read.
final class TokenStream {

    private final List<Token> tokens;
    private int position;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token following() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    boolean takeOperator(String operator) {
        return take(current().isOperator(operator));
    }

    boolean takeName(String name) {
        return take(current().isName(name));
    }

    private boolean take(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!takeName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    String expect(Token.Kind kind, String what) {
        if (current().kind() != kind) {
            throw unexpected(what);
        }
        return next().text();
    }

    JinjaException unexpected(String expected) {
        return new JinjaException(
                "expected " + expected + ", got " + current().shown(), current().line());
    }
}
