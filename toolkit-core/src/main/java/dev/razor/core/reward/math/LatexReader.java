package dev.razor.core.reward.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads cleaned text, LaTeX or plain, into an [Expression] by recursive descent:
///
/// ```
/// list     = relation { ("," | ";" | "and" | "or") relation }
/// relation = union { ("=" | "<" | "\le" | ...) union }
/// union    = ratio { "\cup" ratio }
/// ratio    = sum { ":" sum }
/// sum      = ["-"] product { ("+" | "-") product }
/// product  = power { [ "*" | "/" | "\cdot" | ... ] power }         two side by side are multiplied
/// power    = atom { "^" exponent | "!" | "%" }                     atoms: AtomReader
/// ```
///
/// Two of a product's special cases are `3\frac12`, a mixed number, and a unit after a number, which is dropped.
final class LatexReader {

    /// Commands that [AtomReader] knows besides the functions.
    static final Set<String> COMMANDS = Set.of(
            "text",
            "textbf",
            "textit",
            "textrm",
            "mathrm",
            "mathbf",
            "mathit",
            "mbox",
            "operatorname",
            "mathbb",
            "mathcal",
            "begin",
            "overline",
            "vec",
            "hat",
            "emptyset",
            "varnothing",
            "lfloor",
            "rfloor",
            "lceil",
            "rceil",
            "angle",
            "boxed");

    private static final int LONGEST_TEXT = 2_000;

    private static final int DEEPEST = 60;

    private static final Map<String, String> RELATIONS = Map.ofEntries(
            Map.entry("le", "<="),
            Map.entry("leq", "<="),
            Map.entry("leqslant", "<="),
            Map.entry("lt", "<"),
            Map.entry("ge", ">="),
            Map.entry("geq", ">="),
            Map.entry("geqslant", ">="),
            Map.entry("gt", ">"),
            Map.entry("ne", "!="),
            Map.entry("neq", "!="),
            Map.entry("in", "in"));

    final Cursor in;
    private final AtomReader atoms;
    private int depth;

    /// How many round or square brackets are open, in which a comma is no thousands separator.
    int brackets;

    private LatexReader(String text) {
        this.in = new Cursor(text);
        this.atoms = new AtomReader(this);
    }

    /// The expression.
    ///
    /// @throws Unreadable if the text is not of this grammar, or too long or deep
    static Expression read(String cleaned) {
        if (cleaned.length() > LONGEST_TEXT) {
            throw new Unreadable("a text that is too long");
        }
        LatexReader reader = new LatexReader(cleaned);
        List<Expression> items = reader.list();
        if (!reader.in.atEnd()) {
            throw new Unreadable("something after the answer");
        }
        return items.size() == 1 ? items.getFirst() : new Expression.Sequence("", "", items);
    }

    List<Expression> list() {
        List<Expression> items = new ArrayList<>(List.of(relation()));
        while (separator()) {
            items.add(relation());
        }
        return items;
    }

    Expression relation() {
        if (++depth > DEEPEST) {
            throw new Unreadable("a nesting that is too deep");
        }
        List<Expression> sides = new ArrayList<>(List.of(union()));
        List<String> operators = new ArrayList<>();
        for (String operator = operator(); !operator.isEmpty(); operator = operator()) {
            operators.add(operator);
            sides.add(union());
        }
        depth--;
        return operators.isEmpty() ? sides.getFirst() : new Expression.Relation(operators, sides);
    }

    private String operator() {
        String known = RELATIONS.get(in.command());
        if (known != null) {
            in.advance(1 + in.command().length());
            return known;
        }
        for (String plain : List.of("<=", ">=", "!=", "<", ">", "=")) {
            if (in.take(plain)) {
                return plain;
            }
        }
        return "";
    }

    private Expression union() {
        List<Expression> parts = new ArrayList<>(List.of(ratio()));
        while (in.takeCommand("cup") || (parts.getLast() instanceof Expression.Sequence && in.take("U"))) {
            parts.add(ratio());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Union(parts);
    }

    private Expression ratio() {
        List<Expression> parts = new ArrayList<>(List.of(sum()));
        while (in.take(":")) {
            parts.add(sum());
        }
        return switch (parts.size()) {
            case 1 -> parts.getFirst();
            case 2 -> call(Function.DIVIDE, parts.getFirst(), parts.getLast());
            default ->
                new Expression.Sequence(
                        ":",
                        ":",
                        parts.stream()
                                .map(part -> call(Function.DIVIDE, part, parts.getFirst()))
                                .toList());
        };
    }

    Expression sum() {
        boolean negative = false;
        while (in.peek() == '+' || in.peek() == '-') {
            negative ^= in.peek() == '-';
            in.advance(1);
        }
        List<Expression> terms = new ArrayList<>(List.of(signed(product(), negative)));
        while (in.peek() == '+' || in.peek() == '-') {
            negative = in.peek() == '-';
            in.advance(1);
            terms.add(signed(product(), negative));
        }
        return terms.size() == 1 ? terms.getFirst() : new Expression.Call(Function.ADD, terms);
    }

    private Expression product() {
        boolean literal = NumberReader.stands(in);
        Expression product = power();
        // Only a whole number that stands alone so far can begin a mixed number.
        literal = literal
                && product instanceof Expression.Value value
                && value.value().isInteger();
        while (true) {
            if (in.take("*") || in.takeCommand("cdot") || in.takeCommand("times")) {
                product = call(Function.MULTIPLY, product, factor());
            } else if (in.take("/") || in.takeCommand("div")) {
                product = call(Function.DIVIDE, product, factor());
            } else if (atoms.unit()) {
                continue;
            } else if (literal && in.command().equals("frac")) {
                product = mixed(product, power());
            } else if (literal && NumberReader.stands(in)) {
                Expression top = power();
                in.expect("/");
                product = call(Function.ADD, product, call(Function.DIVIDE, top, power()));
            } else if (atoms.starts()) {
                product = call(Function.MULTIPLY, product, power());
            } else {
                return product;
            }
            literal = false;
        }
    }

    private Expression factor() {
        boolean negative = in.take("-");
        return signed(power(), negative);
    }

    /// `3\frac12` is three and a half; `3\frac{x}{2}` and `3\frac{5}{2}` are products.
    private static Expression mixed(Expression whole, Expression next) {
        boolean proper = next instanceof Expression.Call fraction
                && fraction.function() == Function.DIVIDE
                && fraction.arguments().getFirst() instanceof Expression.Value top
                && fraction.arguments().getLast() instanceof Expression.Value bottom
                && top.value().isInteger()
                && bottom.value().isInteger()
                && top.value().compareTo(bottom.value()) < 0;
        return call(proper ? Function.ADD : Function.MULTIPLY, whole, next);
    }

    Expression power() {
        Expression base = atoms.atom();
        while (true) {
            if (in.peek() == '^') {
                in.advance(1);
                base = call(Function.POWER, base, atoms.exponent());
            } else if (in.peek() == '!' && in.look(1) != '=') {
                in.advance(1);
                base = call(Function.FACTORIAL, base);
            } else if (in.take("%")) {
                base = new Expression.Percent(base);
            } else {
                return base;
            }
        }
    }

    private boolean separator() {
        return in.take(",") || in.take(";") || atoms.conjunction();
    }

    static Expression signed(Expression expression, boolean negative) {
        return negative ? call(Function.NEGATE, expression) : expression;
    }

    static Expression call(Function function, Expression... arguments) {
        return new Expression.Call(function, arguments);
    }
}
