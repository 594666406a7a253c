package dev.razor.core.tokenizer.jinja;

import dev.razor.core.tokenizer.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parses a template's statements. Tags that a chat template has no use for (`include`, `extends`, `call`, ...)
/// are refused by name.
final class Parser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = new TokenStream(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    static List<Statement> parse(String source) {
        return new Parser(Lexer.tokens(source)).statements();
    }

    /// The statements up to one of the tags `ends`, whose `{%` and name are read too; with no `ends`, all of
    /// them.
    private List<Statement> statements(String... ends) {
        int start = tokens.current().line();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(expressions.tuple(), token.line()));
                    tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
                }
                case TAG_BEGIN -> {
                    if (tokens.current().kind() == Token.Kind.NAME
                            && Arrays.asList(ends).contains(tokens.current().text())) {
                        return statements;
                    }
                    statements.add(tag(tokens.expect(Token.Kind.NAME, "the name of a tag"), token.line()));
                }
                case END -> {
                    if (ends.length > 0) {
                        throw new JinjaException(
                                "expected " + String.join(" or ", ends) + ", got "
                                        + tokens.current().shown(),
                                start);
                    }
                    return statements;
                }
                case OUTPUT_END, TAG_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw new IllegalStateException("a token outside a tag: " + token);
            }
        }
    }

    private Statement tag(String name, int line) {
        return switch (name) {
            case "if" -> ifTag(line);
            case "for" -> forTag(line);
            case "set" -> setTag(line);
            case "macro" -> macroTag();
            case "generation" -> {
                endTag();
                yield new Statement.Generation(body("endgeneration"));
            }
            case "break" -> loopControl(name, line, new Statement.Break());
            case "continue" -> loopControl(name, line, new Statement.Continue());
            default -> throw new JinjaException("the tag '" + name + "' is not one that Razor renders", line);
        };
    }

    private Statement ifTag(int line) {
        List<Statement.If.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        while (true) {
            Expression condition = expressions.tuple();
            endTag();
            branches.add(new Statement.If.Branch(condition, statements("elif", "else", "endif")));
            if (tokens.takeName("elif")) {
                continue;
            }
            if (tokens.takeName("else")) {
                endTag();
                otherwise = statements("endif");
            }
            tokens.expectName("endif");
            endTag();
            return new Statement.If(branches, otherwise, line);
        }
    }

    private Statement forTag(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression iterable = expressions.withoutCondition();
        Expression condition = tokens.takeName("if") ? expressions.expression() : null;
        endTag();
        loops++;
        List<Statement> body = statements("else", "endfor");
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.takeName("else")) {
            endTag();
            otherwise = statements("endfor");
        }
        tokens.expectName("endfor");
        endTag();
        return new Statement.For(target, iterable, condition, body, otherwise, line);
    }

    private Statement setTag(int line) {
        Target target = target(true);
        if (tokens.takeOperator("=")) {
            Expression value = expressions.tuple();
            endTag();
            return new Statement.Set(target, value, line);
        }
        endTag();
        return new Statement.SetBlock(target, body("endset"), line);
    }

    private Statement macroTag() {
        String name = tokens.expect(Token.Kind.NAME, "the name of a macro");
        tokens.expectOperator("(");
        List<Statement.Macro.Parameter> parameters = new ArrayList<>();
        while (!tokens.takeOperator(")")) {
            String parameter = tokens.expect(Token.Kind.NAME, "a parameter");
            Expression otherwise = tokens.takeOperator("=") ? expressions.expression() : null;
            parameters.add(new Statement.Macro.Parameter(parameter, otherwise));
            if (!tokens.takeOperator(",") && !tokens.current().isOperator(")")) {
                throw tokens.unexpected("',' or ')'");
            }
        }
        endTag();
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = body("endmacro", name);
        loops = outerLoops;
        return new Statement.Macro(name, parameters, body);
    }

    private Statement loopControl(String name, int line, Statement statement) {
        if (loops == 0) {
            throw new JinjaException("'" + name + "' stands outside a loop", line);
        }
        endTag();
        return statement;
    }

    private Target target(boolean mayBeNamespace) {
        boolean parentheses = tokens.takeOperator("(");
        List<String> names = new ArrayList<>(List.of(tokens.expect(Token.Kind.NAME, "a variable")));
        if (mayBeNamespace && tokens.takeOperator(".")) {
            return new Target.NamespaceAttribute(
                    names.getFirst(), tokens.expect(Token.Kind.NAME, "the namespace's attribute"));
        }
        boolean unpacked = false;
        while (tokens.takeOperator(",")) {
            unpacked = true;
            names.add(tokens.expect(Token.Kind.NAME, "a variable"));
        }
        if (parentheses) {
            tokens.expectOperator(")");
        }
        return unpacked ? new Target.Unpacked(names) : new Target.Variable(names.getFirst());
    }

    private List<Statement> body(String end) {
        List<Statement> body = statements(end);
        tokens.expectName(end);
        endTag();
        return body;
    }

    /// As [#body(String)], where the end tag may repeat `name`.
    private List<Statement> body(String end, String name) {
        List<Statement> body = statements(end);
        tokens.expectName(end);
        tokens.takeName(name);
        endTag();
        return body;
    }

    private void endTag() {
        tokens.expect(Token.Kind.TAG_END, "'%}'");
    }
}
