package dev.razor.study.figures;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/// A horizontal logarithmic axis with labels at 1, 2 and 5 times the powers of ten, or, over many of them, at
/// the powers alone. JFreeChart's own labels nothing but powers, which is one label for data within a decade.
final class DecadeAxis extends LogAxis {

    private static final long serialVersionUID = 1;

    private static final double FEW_DECADES = 2.6;

    DecadeAxis(String label) {
        super(label);
        setMinorTickMarksVisible(true);
        setMinorTickMarkOutsideLength(2);
        setTickMarkOutsideLength(4);
    }

    @Override
    protected List<NumberTick> refreshTicksHorizontal(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(getRange().getLowerBound(), getRange().getUpperBound());
    }

    static List<NumberTick> ticks(double low, double high) {
        boolean isFew = Math.log10(high / low) < FEW_DECADES;
        List<NumberTick> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(low)); Math.pow(10, exponent) <= high; exponent++) {
            for (int factor = 1; factor <= 9; factor++) {
                // through decimal digits: 3 * 10^-1 in doubles is 0.30000000000000004
                BigDecimal value = BigDecimal.valueOf(factor).scaleByPowerOfTen(exponent);
                boolean isLabelled = factor == 1 || (isFew && (factor == 2 || factor == 5));
                if (value.doubleValue() >= low && value.doubleValue() <= high) {
                    ticks.add(new NumberTick(
                            isLabelled ? TickType.MAJOR : TickType.MINOR,
                            value.doubleValue(),
                            isLabelled ? value.toPlainString() : "",
                            TextAnchor.TOP_CENTER,
                            TextAnchor.TOP_CENTER,
                            0));
                }
            }
        }
        return ticks;
    }
}
