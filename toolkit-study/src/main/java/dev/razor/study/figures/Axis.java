package dev.razor.study.figures;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// An axis wide enough that no marker touches the frame.
///
/// @param label with the unit
/// @param low its left or lower end; positive where it is logarithmic
/// @param high its other end
public record Axis(String label, double low, double high, boolean isLogarithmic) {

    private static final double MARGIN = 0.06;

    /// A linear axis over `values`.
    ///
    /// @param smallestSpan the span to show at least, for values that are equal or nearly so
    static Axis linear(String label, double[] values, double smallestSpan) {
        Check.that(values.length > 0, "an axis needs a value, got %d", values.length);
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        double missing = Math.max(0, smallestSpan - (high - low));
        double margin = MARGIN * Math.max(high - low, smallestSpan);
        return new Axis(label, low - missing / 2 - margin, high + missing / 2 + margin, false);
    }

    /// A logarithmic axis over `values`, which must be positive; it shows a decade at least.
    static Axis logarithmic(String label, double[] values) {
        Axis exponents = linear(label, Arrays.stream(values).map(Math::log10).toArray(), 1);
        return new Axis(label, Math.pow(10, exponents.low), Math.pow(10, exponents.high), true);
    }
}
