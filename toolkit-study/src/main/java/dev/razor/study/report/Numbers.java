package dev.razor.study.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers as a reader of the report sees them; a dash where there is none.
final class Numbers {

    static final String NONE = "–";

    private Numbers() {}

    /// A fraction in hundredths, without the sign: 0.877 is `87.7`.
    static String hundredths(double fraction) {
        return fixed(100 * fraction, 1);
    }

    /// `value` with so many decimals; what rounds to zero has no minus sign.
    static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? NONE : Double.toString(value);
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-0\\.?0*") ? text.substring(1) : text;
    }

    /// `value` with so many significant digits, in powers of ten only where zeros would get in the way.
    static String significant(double value, int digits) {
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : fixed(value, digits);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        double size = Math.abs(value);
        int decimals = Math.max(0, digits - 1 - (rounded.precision() - rounded.scale() - 1));
        return size >= 1e-4 && size < 1e6
                ? rounded.setScale(decimals, RoundingMode.UNNECESSARY).toPlainString()
                : String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }

    /// A learning rate as people write it, `3e-5`, to six digits.
    static String rate(double value) {
        if (!Double.isFinite(value) || value == 0) {
            return significant(value, 1);
        }
        BigDecimal exact = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        return exact.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }
}
