package dev.razor.core.tokenizer.jinja;

import dev.razor.core.tokenizer.jinja.Expression.ArgumentList;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses expressions. One method a level of precedence, from the loosest to the tightest binding:
///
/// ```
/// a if b else c   or   and   not   == != < <= > >= in   + -   ~   * / // %   **   unary -   . [] ()   | is
/// ```
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> AFTER_A_TEST = Set.of("else", "or", "and", "is", "if", "in", "not");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /// An expression, or several with commas between them, which are a tuple.
    Expression tuple() {
        Expression first = expression();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.takeOperator(",") && startsExpression()) {
            items.add(expression());
        }
        return new Expression.SequenceOf(items, true);
    }

    Expression expression() {
        Expression value = withoutCondition();
        while (tokens.takeName("if")) {
            Expression condition = withoutCondition();
            Expression otherwise = tokens.takeName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        return value;
    }

    /// An expression that leaves an `if` behind it to the caller, as the iterable of a loop does.
    Expression withoutCondition() {
        Expression left = and();
        while (tokens.takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.takeName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Compare.Step> steps = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                steps.add(new Expression.Compare.Step(token.text(), sum()));
            } else if (tokens.takeName("in")) {
                steps.add(new Expression.Compare.Step("in", sum()));
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                steps.add(new Expression.Compare.Step("not in", sum()));
            } else {
                return steps.isEmpty() ? first : new Expression.Compare(first, steps);
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = new Expression.Binary(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.takeOperator("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().kind() == Token.Kind.OPERATOR
                && PRODUCTS.contains(tokens.current().text())) {
            left = new Expression.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.takeOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (tokens.takeOperator("-")) {
            value = new Expression.Negate(unary(false));
        } else if (tokens.takeOperator("+")) {
            value = unary(false);
        } else {
            value = postfix(primary());
        }
        return withFilters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> {
                tokens.next();
                yield switch (token.text()) {
                    case "true", "True" -> new Expression.Constant(Value.TRUE);
                    case "false", "False" -> new Expression.Constant(Value.FALSE);
                    case "none", "None" -> new Expression.Constant(Value.NONE);
                    default -> new Expression.Name(token.text());
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.current().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Constant(Value.of(text.toString()));
            }
            case INTEGER ->
                new Expression.Constant(
                        new Value.Int(new BigInteger(tokens.next().text())));
            case FLOAT ->
                new Expression.Constant(
                        new Value.Real(Double.parseDouble(tokens.next().text())));
            case OPERATOR -> bracketed();
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END -> throw tokens.unexpected("an expression");
        };
    }

    private Expression bracketed() {
        if (tokens.takeOperator("(")) {
            if (tokens.takeOperator(")")) {
                return new Expression.SequenceOf(List.of(), true);
            }
            Expression inside = tuple();
            tokens.expectOperator(")");
            return inside;
        }
        if (tokens.takeOperator("[")) {
            List<Expression> items = new ArrayList<>();
            while (!tokens.takeOperator("]")) {
                items.add(expression());
                separator("]");
            }
            return new Expression.SequenceOf(items, false);
        }
        if (tokens.takeOperator("{")) {
            List<Expression.DictOf.Entry> entries = new ArrayList<>();
            while (!tokens.takeOperator("}")) {
                Expression key = expression();
                tokens.expectOperator(":");
                entries.add(new Expression.DictOf.Entry(key, expression()));
                separator("}");
            }
            return new Expression.DictOf(entries);
        }
        throw tokens.unexpected("an expression");
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.takeOperator(".")) {
                result = tokens.current().kind() == Token.Kind.INTEGER
                        ? new Expression.Item(result, primary())
                        : new Expression.Attribute(result, tokens.expect(Token.Kind.NAME, "an attribute"));
            } else if (tokens.takeOperator("[")) {
                result = subscript(result);
            } else if (tokens.current().isOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expression subscript(Expression object) {
        Expression from = tokens.current().isOperator(":") ? null : tuple();
        if (from != null && tokens.takeOperator("]")) {
            return new Expression.Item(object, from);
        }
        tokens.expectOperator(":");
        Expression to = sliceBound();
        Expression step = tokens.takeOperator(":") ? sliceBound() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(object, from, to, step);
    }

    private @Nullable Expression sliceBound() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]") ? null : expression();
    }

    private Expression filters(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.takeOperator("|")) {
                String name = tokens.expect(Token.Kind.NAME, "a filter");
                result = new Expression.Filter(
                        result, name, tokens.current().isOperator("(") ? arguments() : ArgumentList.EMPTY);
            } else if (tokens.takeName("is")) {
                result = test(result);
            } else if (tokens.current().isOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expression test(Expression value) {
        boolean negated = tokens.takeName("not");
        String name = tokens.expect(Token.Kind.NAME, "a test");
        ArgumentList arguments = ArgumentList.EMPTY;
        if (tokens.current().isOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            arguments = new ArgumentList(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(value, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !AFTER_A_TEST.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END -> false;
        };
    }

    /// Arguments in parentheses.
    ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.takeOperator(")")) {
            if (tokens.current().kind() == Token.Kind.NAME && tokens.following().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.unexpected("a named argument");
            }
            separator(")");
        }
        return new ArgumentList(positional, named);
    }

    private void separator(String close) {
        if (!tokens.takeOperator(",") && !tokens.current().isOperator(close)) {
            throw tokens.unexpected("',' or '" + close + "'");
        }
    }

    private boolean startsExpression() {
        return switch (tokens.current().kind()) {
            case NAME, STRING, INTEGER, FLOAT -> true;
            case OPERATOR ->
                List.of("(", "[", "{", "-", "+").contains(tokens.current().text());
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END -> false;
        };
    }
}
