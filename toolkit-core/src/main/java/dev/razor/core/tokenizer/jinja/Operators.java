package dev.razor.core.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Python's operators over [Value]s; operands that Python refuses raise.
final class Operators {

    private Operators() {}

    static Value binary(String operator, Value left, Value right) {
        if (operator.equals("~")) {
            return Value.of(Python.str(left) + Python.str(right));
        }
        requireDefined(left, right);
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Value.Real || right instanceof Value.Real || operator.equals("/")
                    ? reals(operator, real(left), real(right))
                    : integers(operator, integer(left), integer(right));
        }
        if (operator.equals("+") && left instanceof Value.Text a && right instanceof Value.Text b) {
            return Value.of(a.value() + b.value());
        }
        if (operator.equals("+")
                && left instanceof Value.Sequence a
                && right instanceof Value.Sequence b
                && a.isTuple() == b.isTuple()) {
            List<Value> items = new ArrayList<>(a.items());
            items.addAll(b.items());
            return new Value.Sequence(items, a.isTuple());
        }
        if (operator.equals("*") && isInteger(right) && !isNumber(left)) {
            return repeat(left, integer(right));
        }
        if (operator.equals("*") && isInteger(left) && !isNumber(right)) {
            return repeat(right, integer(left));
        }
        throw unsupported(operator, left, right);
    }

    private static Value repeat(Value value, BigInteger count) {
        int times =
                count.max(BigInteger.ZERO).min(BigInteger.valueOf(1_000_000)).intValue();
        if (value instanceof Value.Text text) {
            return Value.of(text.value().repeat(times));
        }
        if (value instanceof Value.Sequence sequence) {
            List<Value> items = new ArrayList<>();
            Collections.nCopies(times, sequence.items()).forEach(items::addAll);
            return new Value.Sequence(items, sequence.isTuple());
        }
        throw unsupported("*", value, new Value.Int(count));
    }

    private static Value integers(String operator, BigInteger a, BigInteger b) {
        return switch (operator) {
            case "+" -> new Value.Int(a.add(b));
            case "-" -> new Value.Int(a.subtract(b));
            case "*" -> new Value.Int(a.multiply(b));
            case "**" -> b.signum() < 0 ? reals(operator, a.doubleValue(), b.doubleValue()) : power(a, b);
            case "//", "%" -> {
                if (b.signum() == 0) {
                    throw new JinjaException("division by zero");
                }
                BigInteger[] parts = a.divideAndRemainder(b);
                // Python rounds the quotient down, so that the remainder has the divisor's sign
                boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
                yield operator.equals("//")
                        ? new Value.Int(down ? parts[0].subtract(BigInteger.ONE) : parts[0])
                        : new Value.Int(down ? parts[1].add(b) : parts[1]);
            }
            default -> throw new IllegalStateException(operator);
        };
    }

    private static Value power(BigInteger base, BigInteger exponent) {
        if (exponent.bitLength() > 16) {
            throw new JinjaException("the exponent " + exponent + " is too large");
        }
        return new Value.Int(base.pow(exponent.intValue()));
    }

    private static Value reals(String operator, double a, double b) {
        if (b == 0 && List.of("/", "//", "%").contains(operator)) {
            throw new JinjaException("division by zero");
        }
        return new Value.Real(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> a / b;
                    case "//" -> Math.floor(a / b);
                    case "%" -> a - b * Math.floor(a / b);
                    case "**" -> Math.pow(a, b);
                    default -> throw new IllegalStateException(operator);
                });
    }

    static Value negate(Value value) {
        requireDefined(value, value);
        return switch (value) {
            case Value.Int number -> new Value.Int(number.value().negate());
            case Value.Bool truth -> Value.of(truth.value() ? -1 : 0);
            case Value.Real number -> new Value.Real(-number.value());
            case Value.None _,
                    Value.Undefined _,
                    Value.Text _,
                    Value.Sequence _,
                    Value.Dict _,
                    Value.Namespace _,
                    Value.Function _ -> throw new JinjaException("a " + Python.typeName(value) + " has no negative");
        };
    }

    static boolean compare(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> Python.equal(left, right);
            case "!=" -> !Python.equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(operator, left, right) < 0;
            case "<=" -> order(operator, left, right) <= 0;
            case ">" -> order(operator, left, right) > 0;
            case ">=" -> order(operator, left, right) >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    /// Which of two numbers, texts or lists comes first.
    static int order(String operator, Value left, Value right) {
        requireDefined(left, right);
        if (isNumber(left) && isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return compareText(a.value(), b.value());
        }
        if (left instanceof Value.Sequence a && right instanceof Value.Sequence b && a.isTuple() == b.isTuple()) {
            for (int i = 0; i < Math.min(a.items().size(), b.items().size()); i++) {
                if (!Python.equal(a.items().get(i), b.items().get(i))) {
                    return order(operator, a.items().get(i), b.items().get(i));
                }
            }
            return Integer.compare(a.items().size(), b.items().size());
        }
        throw unsupported(operator, left, right);
    }

    /// By code points: Java's own order of texts differs where surrogates meet the end of the basic plane.
    private static int compareText(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int c = a.codePointAt(i);
            int d = b.codePointAt(i);
            if (c != d) {
                return Integer.compare(c, d);
            }
            i += Character.charCount(c);
        }
        return Integer.compare(a.length(), b.length());
    }

    private static boolean contains(Value container, Value item) {
        if (container instanceof Value.Text text) {
            return text.value().contains(Python.requireText(item, "'in <str>'"));
        }
        if (container instanceof Value.Dict dict) {
            return dict.entries().containsKey(item);
        }
        return Python.iterate(container).stream().anyMatch(other -> Python.equal(other, item));
    }

    static boolean isNumber(Value value) {
        return isInteger(value) || value instanceof Value.Real;
    }

    private static boolean isInteger(Value value) {
        return value instanceof Value.Int || value instanceof Value.Bool;
    }

    static int compareNumbers(Value left, Value right) {
        if (isInteger(left) && isInteger(right)) {
            return integer(left).compareTo(integer(right));
        }
        double a = real(left);
        double b = real(right);
        return Double.isFinite(a) && Double.isFinite(b)
                ? new BigDecimal(a).compareTo(new BigDecimal(b))
                : Double.compare(a, b);
    }

    private static BigInteger integer(Value value) {
        return switch (value) {
            case Value.Int number -> number.value();
            case Value.Bool truth -> truth.value() ? BigInteger.ONE : BigInteger.ZERO;
            default -> throw new IllegalStateException("not an integer: " + value);
        };
    }

    static double real(Value value) {
        return value instanceof Value.Real number
                ? number.value()
                : integer(value).doubleValue();
    }

    private static void requireDefined(Value left, Value right) {
        if (left instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
        if (right instanceof Value.Undefined undefined) {
            throw undefined.raise();
        }
    }

    private static JinjaException unsupported(String operator, Value left, Value right) {
        return new JinjaException(
                "'%s' does not take a %s and a %s".formatted(operator, Python.typeName(left), Python.typeName(right)));
    }
}
