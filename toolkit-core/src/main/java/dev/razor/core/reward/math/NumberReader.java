package dev.razor.core.reward.math;

import org.apfloat.Apint;
import org.apfloat.ApintMath;
import org.apfloat.Aprational;

/// Reads a number as written: `12`, `.5`, `1,234.5`, `1.5e-3`, `0.1\overline{6}`. Its value is exact.
final class NumberReader {

    private static final int MOST_DIGITS = 2_000;

    private NumberReader() {}

    static boolean stands(Cursor in) {
        char c = in.peek();
        return Cursor.isDigit(c) || (c == '.' && Cursor.isDigit(in.look(1)));
    }

    /// The number that stands next, taken.
    ///
    /// @param thousands whether commas may group its digits, as they may not inside brackets
    static Aprational read(Cursor in, boolean thousands) {
        in.skipSpaces();
        StringBuilder whole = new StringBuilder(in.digits());
        while (thousands && whole.length() > 0 && groupFollows(in, whole.length())) {
            in.advance(1);
            whole.append(in.digits());
        }
        String part = "";
        String repeated = "";
        if (in.look(0) == '.' && Cursor.isDigit(in.look(1))) {
            in.advance(1);
            part = in.digits();
        } else if (in.look(0) == '.' && in.startsWith(".\\overline{")) {
            in.advance(1);
        }
        if (in.before() != ' ' && in.look(0) == '\\' && in.startsWith("\\overline{") && Cursor.isDigit(in.look(10))) {
            in.advance(9);
            repeated = in.raw();
            if (repeated.isEmpty() || !repeated.chars().allMatch(c -> Cursor.isDigit((char) c))) {
                throw new Unreadable("a period that is no number");
            }
        }
        return value(whole.toString(), part, repeated, exponent(in));
    }

    private static boolean groupFollows(Cursor in, int digits) {
        return digits <= 3 + 3 * 20
                && (digits - 1) % 3 <= 2
                && in.look(0) == ','
                && Cursor.isDigit(in.look(1))
                && Cursor.isDigit(in.look(2))
                && Cursor.isDigit(in.look(3))
                && !Cursor.isDigit(in.look(4));
    }

    private static int exponent(Cursor in) {
        char e = in.look(0);
        int sign = in.look(1) == '-' || in.look(1) == '+' ? 1 : 0;
        if ((e != 'e' && e != 'E') || !Cursor.isDigit(in.look(1 + sign))) {
            return 0;
        }
        boolean negative = in.look(1) == '-';
        in.advance(1 + sign);
        String digits = in.digits();
        if (digits.length() > 4) {
            throw new Unreadable("an exponent that is too large");
        }
        return negative ? -Integer.parseInt(digits) : Integer.parseInt(digits);
    }

    /// ```
    /// whole.part(repeated) = (W P R - W P) / (10^|part| (10^|repeated| - 1))
    /// ```
    private static Aprational value(String whole, String part, String repeated, int exponent) {
        String digits = whole + part;
        if (digits.length() + repeated.length() > MOST_DIGITS) {
            throw new Unreadable("a number of too many digits");
        }
        Aprational plain = new Aprational(integer(digits), tenTo(part.length()));
        if (!repeated.isEmpty()) {
            Apint nines = tenTo(repeated.length()).subtract(new Apint(1));
            plain = plain.add(new Aprational(integer(repeated), nines.multiply(tenTo(part.length()))));
        }
        Apint scale = tenTo(Math.abs(exponent));
        return exponent < 0 ? plain.divide(scale) : plain.multiply(scale);
    }

    private static Apint integer(String digits) {
        return new Apint(digits.isEmpty() ? "0" : digits);
    }

    private static Apint tenTo(int exponent) {
        return ApintMath.pow(new Apint(10), exponent);
    }
}
