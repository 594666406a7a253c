package dev.razor.study.figures;

import dev.razor.core.base.Check;
import java.awt.Color;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.Locale;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;

/// Axes in the figures' style, wide enough that no marker touches the frame.
final class Axes {

    static final Color INK = new Color(0x333333);

    private static final double MARGIN = 0.06;
    private static final double MOST_TICKS = 8;
    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final Font TICKS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private Axes() {}

    /// A linear axis over `values`.
    ///
    /// @param smallestSpan the span to show at least, for values that are equal or nearly so
    static ValueAxis linear(String label, double[] values, double smallestSpan) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        Range range = padded(values, smallestSpan);
        axis.setRange(range);
        double step = step(range.getLength());
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step)));
        axis.setTickUnit(new NumberTickUnit(step, format(decimals == 0 ? "0" : "0." + "0".repeat(decimals))));
        return styled(axis);
    }

    /// A logarithmic axis over `values`, which must be positive; it shows a decade at least.
    static ValueAxis logarithmic(String label, double[] values) {
        LogAxis axis = new DecadeAxis(label);
        double[] exponents = Arrays.stream(values).map(Math::log10).toArray();
        Range range = padded(exponents, 1);
        axis.setSmallestValue(Math.pow(10, range.getLowerBound() - 1));
        axis.setRange(Math.pow(10, range.getLowerBound()), Math.pow(10, range.getUpperBound()));
        return styled(axis);
    }

    static Range padded(double[] values, double smallestSpan) {
        Check.that(values.length > 0, "an axis needs a value, got %d", values.length);
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        double missing = Math.max(0, smallestSpan - (high - low));
        double margin = MARGIN * Math.max(high - low, smallestSpan);
        return new Range(low - missing / 2 - margin, high + missing / 2 + margin);
    }

    /// The step between ticks: 1, 2 or 5 times a power of ten, for three to eight ticks over `span`.
    static double step(double span) {
        double least = span / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static DecimalFormat format(String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }

    private static ValueAxis styled(ValueAxis axis) {
        axis.setLabelFont(LABEL);
        axis.setTickLabelFont(TICKS);
        axis.setLabelPaint(INK);
        axis.setTickLabelPaint(INK);
        axis.setTickMarkPaint(INK);
        axis.setAxisLinePaint(INK);
        axis.setLabelInsets(new RectangleInsets(6, 6, 4, 6));
        return axis;
    }
}
