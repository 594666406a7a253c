package dev.razor.core.reward.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apfloat.Apint;

/// Reads what a product is made of: numbers, names, functions with their arguments, and everything in brackets.
final class AtomReader {

    private static final Set<String> TEXTS = Set.of(
            "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mathit", "mbox", "operatorname", "mathbb", "mathcal");

    private static final Set<String> UNITS =
            Set.of("cm", "mm", "km", "kg", "mg", "ml", "mL", "ft", "lb", "oz", "hr", "mi", "pm", "am");

    private static final Set<String> CONJUNCTIONS = Set.of("and", "or");

    private final LatexReader reader;
    private final Cursor in;
    private int bars;

    AtomReader(LatexReader reader) {
        this.reader = reader;
        this.in = reader.in;
    }

    /// Whether a factor can begin here.
    boolean starts() {
        char c = in.peek();
        if (c == '\\') {
            String name = in.command();
            return isFunction(name)
                    || isLetterName(name)
                    || Set.of("frac", "sqrt", "binom", "pi", "infty", "{", "lfloor", "lceil", "vec", "hat", "overline", "angle")
                            .contains(name)
                    || (TEXTS.contains(name) && !isConjunction(name));
        }
        return (Cursor.isLetter(c) && !CONJUNCTIONS.contains(in.letters()))
                || NumberReader.stands(in)
                || c == '('
                || c == '{'
                || (c == '|' && bars == 0);
    }

    Expression atom() {
        char c = in.peek();
        if (NumberReader.stands(in)) {
            return number();
        }
        if (Cursor.isLetter(c)) {
            return word();
        }
        return switch (c) {
            case '(', '[' -> bracket();
            case '{' -> braces();
            case '|' -> bars();
            case '\\' -> command(in.command());
            default -> throw new Unreadable("a sign that begins nothing");
        };
    }

    /// A group, a whole number, or one character or command, with its sign: plain `2^-10` is meant as `2^{-10}`.
    Expression exponent() {
        if (in.take("-")) {
            return LatexReader.signed(exponent(), true);
        }
        return in.peek() == '(' ? bracket() : Cursor.isDigit(in.look(0)) ? number() : argument();
    }

    /// Goes past a unit or a remark after a factor: `\text{ cm}^2`, or the word in `12 apples`.
    boolean unit() {
        String name = in.command();
        if (TEXTS.contains(name) && !isConjunction(name)) {
            in.advance(1 + name.length());
            in.raw();
        } else {
            String letters = in.letters();
            boolean word = (letters.length() > 2 && Character.isWhitespace(in.before())) || UNITS.contains(letters);
            if (!word || Function.named(letters) != null || CONJUNCTIONS.contains(letters) || isPlain(letters)) {
                return false;
            }
            in.advance(letters.length());
        }
        if (in.take("^")) {
            in.raw();
        }
        return true;
    }

    /// Goes past "and" or "or".
    boolean conjunction() {
        String name = in.command();
        if (isConjunction(name)) {
            in.advance(1 + name.length());
            in.raw();
            return true;
        }
        in.skipSpaces();
        if (CONJUNCTIONS.contains(in.letters())) {
            in.advance(in.letters().length());
            return true;
        }
        return false;
    }

    private boolean isConjunction(String name) {
        if (!TEXTS.contains(name)) {
            return false;
        }
        int mark = in.mark();
        in.advance(1 + name.length());
        boolean is = in.peek() == '{' && CONJUNCTIONS.contains(in.raw());
        in.back(mark);
        return is;
    }

    private Expression number() {
        Expression.Value value = new Expression.Value(NumberReader.read(in, reader.brackets == 0));
        if (in.look(0) != '_') {
            return value;
        }
        in.advance(1);
        return new Expression.Symbol(value.value() + "_" + plain(in.raw()));
    }

    /// A TeX argument: a group, or one digit, letter or command.
    Expression argument() {
        char c = in.peek();
        if (c == '{') {
            return braces();
        }
        if (Cursor.isDigit(c)) {
            in.advance(1);
            return new Expression.Value(new Apint(c - '0'));
        }
        return atom();
    }

    private Expression braces() {
        in.expect("{");
        Expression inside = reader.relation();
        in.expect("}");
        return inside;
    }

    private Expression bars() {
        in.expect("|");
        bars++;
        Expression inside = reader.sum();
        bars--;
        in.expect("|");
        return LatexReader.call(Function.ABS, inside);
    }

    /// What round or square brackets hold; one thing in a matching pair is just itself.
    private Expression bracket() {
        String open = String.valueOf(in.peek());
        in.advance(1);
        int outside = bars;
        bars = 0;
        reader.brackets++;
        List<Expression> items = reader.list();
        reader.brackets--;
        bars = outside;
        String close = in.take(")") ? ")" : "]";
        if (close.equals("]")) {
            in.expect("]");
        }
        boolean pair = open.equals("(") == close.equals(")");
        return items.size() == 1 && pair ? items.getFirst() : new Expression.Sequence(open, close, items);
    }

    private Expression word() {
        String letters = in.letters();
        if (Function.named(letters) != null || isPlain(letters)) {
            return command(letters);
        }
        in.advance(1);
        return name(letters.substring(0, 1));
    }

    private static boolean isPlain(String letters) {
        return letters.equals("pi") || letters.equals("sqrt") || letters.equals("infty") || letters.equals("infinity");
    }

    /// A name with its subscript, its primes and, for a function's name, its arguments.
    private Expression name(String letter) {
        StringBuilder name = new StringBuilder(letter);
        while (in.look(0) == '_' || in.look(0) == '\'') {
            boolean subscript = in.look(0) == '_';
            in.advance(1);
            name.append(subscript ? "_" + plain(in.raw()) : "'");
        }
        if (name.length() == 1 && letter.equals("e")) {
            return Expression.Constant.E;
        }
        if (name.length() == 1 && letter.equals("i")) {
            return Expression.Constant.I;
        }
        if (in.look(0) == '(' && !letter.isEmpty() && Cursor.isLetter(letter.charAt(letter.length() - 1))) {
            String arguments = arguments();
            if (letter.equals("f") || letter.equals("g") || letter.equals("h") || defines(arguments)) {
                in.advance(arguments.length());
                name.append(plain(arguments));
            }
        }
        return new Expression.Symbol(name.toString());
    }

    /// The text from the bracket that opens here to the one that closes it.
    private String arguments() {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int i = 0; in.look(i) != 0; i++) {
            char c = in.look(i);
            text.append(c);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return text.toString();
            }
        }
        throw new Unreadable("a bracket that is not closed");
    }

    /// Whether `P(x)` stands before an equals sign, so that it is no product.
    private boolean defines(String arguments) {
        int after = arguments.length();
        while (in.look(after) == ' ') {
            after++;
        }
        return in.look(after) == '=' && arguments.matches("\\(\\s*[a-z](\\s*,\\s*[a-z])*\\s*\\)");
    }

    private Expression command(String name) {
        in.advance(in.look(0) == '\\' ? 1 + name.length() : name.length());
        Function function = Function.named(name);
        if (function != null) {
            return new FunctionReader(reader, this).read(function, name);
        }
        if (isLetterName(name)) {
            return name("\\" + name);
        }
        if (TEXTS.contains(name)) {
            return name(plain(in.raw()));
        }
        return switch (name) {
            case "frac" -> LatexReader.call(Function.DIVIDE, argument(), argument());
            case "binom" -> LatexReader.call(Function.BINOMIAL, argument(), argument());
            case "sqrt" -> root();
            case "pi" -> Expression.Constant.PI;
            case "infty", "infinity" -> new Expression.Symbol("\\infty");
            case "{" -> set();
            case "emptyset", "varnothing" -> new Expression.Sequence("{", "}", List.of());
            case "overline", "vec", "hat", "angle" -> new Expression.Symbol(name + " " + plain(in.raw()));
            case "lfloor" -> between(Function.FLOOR, "\\rfloor");
            case "lceil" -> between(Function.CEIL, "\\rceil");
            case "boxed" -> argument();
            case "begin" -> matrix();
            default -> throw new Unreadable("the command \\%s".formatted(name));
        };
    }

    private Expression root() {
        Expression degree = new Expression.Value(new Apint(2));
        if (in.take("[")) {
            degree = reader.sum();
            in.expect("]");
        }
        return LatexReader.call(Function.ROOT, in.peek() == '(' ? bracket() : argument(), degree);
    }

    private Expression set() {
        reader.brackets++;
        List<Expression> items = in.startsWith("\\}") ? List.of() : reader.list();
        reader.brackets--;
        in.expect("\\}");
        return new Expression.Sequence("{", "}", items);
    }

    private Expression between(Function function, String close) {
        Expression inside = reader.sum();
        in.expect(close);
        return LatexReader.call(function, inside);
    }

    private Expression matrix() {
        String kind = in.raw();
        if (!kind.matches("[pbvBV]?matrix")) {
            throw new Unreadable("the environment " + kind);
        }
        List<List<Expression>> rows = new ArrayList<>();
        do {
            if (in.startsWith("\\end")) {
                break;
            }
            List<Expression> row = new ArrayList<>();
            do {
                row.add(reader.sum());
            } while (in.take("&"));
            rows.add(List.copyOf(row));
        } while (in.take("\\\\"));
        in.expect("\\end{" + kind + "}");
        return new Expression.Matrix(rows);
    }

    static boolean isFunction(String name) {
        return Function.named(name) != null;
    }

    /// Greek letters, which are variables; pi is a number.
    private static boolean isLetterName(String name) {
        return Set.of(
                        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota",
                        "kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega",
                        "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega")
                .contains(name);
    }

    private static String plain(String raw) {
        return raw.replaceAll("\\\\(text|mathrm)|[\\s{}]", "");
    }
}
