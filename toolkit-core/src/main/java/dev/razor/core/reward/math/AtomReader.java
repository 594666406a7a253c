package dev.razor.core.reward.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apfloat.Apint;

/// Reads what a product is made of: numbers, names, functions with their arguments, and everything in brackets.
final class AtomReader {

    private final LatexReader reader;
    private final Cursor in;
    private final Remarks remarks;
    private final NameReader names;
    private int bars;

    AtomReader(LatexReader reader) {
        this.reader = reader;
        this.in = reader.in;
        this.remarks = new Remarks(in);
        this.names = new NameReader(in);
    }

    /// Whether a factor can begin here.
    boolean starts() {
        char c = in.peek();
        if (c == '\\') {
            String name = in.command();
            return isFunction(name)
                    || NameReader.isLetterName(name)
                    || Set.of(
                                    "frac",
                                    "sqrt",
                                    "binom",
                                    "pi",
                                    "infty",
                                    "{",
                                    "lfloor",
                                    "lceil",
                                    "vec",
                                    "hat",
                                    "overline",
                                    "angle")
                            .contains(name)
                    || (Remarks.TEXTS.contains(name) && !remarks.isConjunction(name));
        }
        return (Cursor.isLetter(c) && !Remarks.CONJUNCTIONS.contains(in.letters()))
                || NumberReader.stands(in)
                || c == '('
                || c == '{'
                || (c == '|' && bars == 0);
    }

    /// Goes past a unit or a remark after a factor.
    boolean unit() {
        return remarks.unit();
    }

    /// Goes past "and" or "or".
    boolean conjunction() {
        return remarks.conjunction();
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

    private Expression number() {
        Expression.Value value = new Expression.Value(NumberReader.read(in, reader.brackets == 0));
        if (in.look(0) != '_') {
            return value;
        }
        in.advance(1);
        return new Expression.Symbol(value.value() + "_" + NameReader.plain(in.raw()));
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
        return names.read(letters.substring(0, 1));
    }

    /// Names of numbers and functions that need no backslash.
    static boolean isPlain(String letters) {
        return letters.equals("pi") || letters.equals("sqrt") || letters.equals("infty") || letters.equals("infinity");
    }

    private Expression command(String name) {
        in.advance(in.look(0) == '\\' ? 1 + name.length() : name.length());
        Function function = Function.named(name);
        if (function != null) {
            return new FunctionReader(reader, this).read(function, name);
        }
        if (NameReader.isLetterName(name)) {
            return names.read("\\" + name);
        }
        if (Remarks.TEXTS.contains(name)) {
            return names.read(NameReader.plain(in.raw()));
        }
        return switch (name) {
            case "frac" -> LatexReader.call(Function.DIVIDE, argument(), argument());
            case "binom" -> LatexReader.call(Function.BINOMIAL, argument(), argument());
            case "sqrt" -> root();
            case "pi" -> Expression.Constant.PI;
            case "infty", "infinity" -> new Expression.Symbol("\\infty");
            case "{" -> set();
            case "emptyset", "varnothing" -> new Expression.Sequence("{", "}", List.of());
            case "overline", "vec", "hat", "angle" -> new Expression.Symbol(name + " " + NameReader.plain(in.raw()));
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
}
