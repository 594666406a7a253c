package dev.razor.core.tokenizer.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Python's built-in functions over [Value]s: `str`, `repr`, `bool`, `len`, `iter`, `==`.
final class Python {

    private Python() {}

    static boolean isTrue(Value value) {
        return switch (value) {
            case Value.None _, Value.Undefined _ -> false;
            case Value.Bool truth -> truth.value();
            case Value.Int number -> number.value().signum() != 0;
            case Value.Real number -> number.value() != 0;
            case Value.Text text -> !text.value().isEmpty();
            case Value.Sequence sequence -> !sequence.items().isEmpty();
            case Value.Dict dict -> !dict.entries().isEmpty();
            case Value.Namespace _, Value.Function _ -> true;
        };
    }

    /// What an output tag prints.
    static String str(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Undefined _ -> "";
            case Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Sequence _,
                    Value.Dict _,
                    Value.Namespace _,
                    Value.Function _ -> repr(value);
        };
    }

    static String repr(Value value) {
        return switch (value) {
            case Value.None _ -> "None";
            case Value.Undefined _ -> "Undefined";
            case Value.Bool truth -> truth.value() ? "True" : "False";
            case Value.Int number -> number.value().toString();
            case Value.Real number -> repr(number.value());
            case Value.Text text -> quote(text.value());
            case Value.Sequence sequence -> {
                String items = sequence.items().stream().map(Python::repr).collect(Collectors.joining(", "));
                yield !sequence.isTuple()
                        ? "[" + items + "]"
                        : "(" + items + (sequence.items().size() == 1 ? ",)" : ")");
            }
            case Value.Dict dict ->
                dict.entries().entrySet().stream()
                        .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Namespace _, Value.Function _ ->
                throw new JinjaException("a " + typeName(value) + " cannot be printed");
        };
    }

    /// The shortest digits that give the number back, in Python's notation.
    static String repr(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number > 0 ? "0.0" : "-0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return digits.scale() <= 0 ? digits.toPlainString() + ".0" : digits.toPlainString();
        }
        String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /// A string literal for `text`.
    static String quote(String text) {
        char mark = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(mark);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c == mark) {
                        quoted.append('\\').append(mark);
                    } else if (isPrintable(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
                    }
                }
            }
        });
        return quoted.append(mark).toString();
    }

    private static boolean isPrintable(int codePoint) {
        return codePoint == ' '
                || switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    static String typeName(Value value) {
        return switch (value) {
            case Value.None _ -> "None";
            case Value.Undefined _ -> "undefined value";
            case Value.Bool _ -> "bool";
            case Value.Int _ -> "int";
            case Value.Real _ -> "float";
            case Value.Text _ -> "str";
            case Value.Sequence sequence -> sequence.isTuple() ? "tuple" : "list";
            case Value.Dict _ -> "dict";
            case Value.Namespace _ -> "namespace";
            case Value.Function _ -> "function";
        };
    }

    static boolean equal(Value left, Value right) {
        if (Operators.isNumber(left) && Operators.isNumber(right)) {
            return Operators.compareNumbers(left, right) == 0;
        }
        return switch (left) {
            case Value.Undefined _ -> right instanceof Value.Undefined;
            case Value.Sequence a ->
                right instanceof Value.Sequence b && a.isTuple() == b.isTuple() && equal(a.items(), b.items());
            case Value.Dict a -> right instanceof Value.Dict b && equal(a.entries(), b.entries());
            case Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Text _,
                    Value.Namespace _,
                    Value.Function _ -> left.equals(right);
        };
    }

    private static boolean equal(List<Value> left, List<Value> right) {
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            equal = equal(left.get(i), right.get(i));
        }
        return equal;
    }

    private static boolean equal(Map<Value, Value> left, Map<Value, Value> right) {
        return left.size() == right.size()
                && left.entrySet().stream().allMatch(entry -> {
                    Value other = right.get(entry.getKey());
                    return other != null && equal(entry.getValue(), other);
                });
    }

    /// The elements of a list, the keys of a dict, the characters of a text.
    static List<Value> iterate(Value value) {
        return switch (value) {
            case Value.Sequence sequence -> sequence.items();
            case Value.Dict dict -> List.copyOf(dict.entries().keySet());
            case Value.Text text -> characters(text.value());
            case Value.Undefined _ -> List.of();
            case Value.None _, Value.Bool _, Value.Int _, Value.Real _, Value.Namespace _, Value.Function _ ->
                throw new JinjaException("a " + typeName(value) + " is not iterable");
        };
    }

    static List<Value> characters(String text) {
        List<Value> characters = new ArrayList<>();
        text.codePoints().forEach(c -> characters.add(Value.of(Character.toString(c))));
        return characters;
    }

    static int length(Value value) {
        return switch (value) {
            case Value.Text text -> text.value().codePointCount(0, text.value().length());
            case Value.Sequence sequence -> sequence.items().size();
            case Value.Dict dict -> dict.entries().size();
            case Value.Undefined _ -> 0;
            case Value.None _, Value.Bool _, Value.Int _, Value.Real _, Value.Namespace _, Value.Function _ ->
                throw new JinjaException("a " + typeName(value) + " has no length");
        };
    }

    static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }

    /// `text` without white space at its start or its end or both, by Python's notion of white space.
    static String strip(String text, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (end && to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static String requireText(Value value, String user) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        if (value instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        throw new JinjaException(user + " needs a str, got " + typeName(value));
    }

    static int requireInt(Value value, String user) {
        if (value instanceof Value.Int number && number.value().bitLength() < 32) {
            return number.value().intValue();
        }
        if (value instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        throw new JinjaException(user + " needs an int, got " + typeName(value));
    }
}
