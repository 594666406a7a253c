package dev.razor.study.figures;

import java.awt.Color;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleInsets;

/// Axes in the figures' style.
final class Axes {

    static final Color INK = new Color(0x333333);

    private static final double MOST_TICKS = 8;
    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final Font TICKS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private Axes() {}

    /// The axis as JFreeChart draws it.
    static ValueAxis draw(Axis axis) {
        return styled(axis.isLogarithmic() ? logarithmic(axis) : linear(axis));
    }

    private static ValueAxis linear(Axis axis) {
        NumberAxis drawn = new NumberAxis(axis.label());
        drawn.setAutoRangeIncludesZero(false);
        drawn.setRange(axis.low(), axis.high());
        double step = step(axis.high() - axis.low());
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step)));
        drawn.setTickUnit(new NumberTickUnit(step, format(decimals == 0 ? "0" : "0." + "0".repeat(decimals))));
        return drawn;
    }

    private static ValueAxis logarithmic(Axis axis) {
        LogAxis drawn = new DecadeAxis(axis.label());
        drawn.setSmallestValue(axis.low() / 10);
        drawn.setRange(axis.low(), axis.high());
        return drawn;
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
