package dev.razor.study.fit;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// The straight line of least squares through points `(x, y)`, and Pearson's correlation of the two.
///
/// ```
/// y ~ c0 + c1 x
/// r = sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 * sum (y - mean y)^2)
/// ```
///
/// What the points do not determine is NaN: everything where all `x` are equal, `r` where all `y` are.
///
/// @param n how many points it was fitted to
public record LineFit(double c0, double c1, double r, int n) {

    /// The line of `y` on `x`, which must be finite and of one length.
    public static LineFit of(double[] x, double[] y) {
        Check.that(x.length == y.length, "x and y must have one length, got %d and %d", x.length, y.length);
        double meanX = Arrays.stream(x).average().orElse(Double.NaN);
        double meanY = Arrays.stream(y).average().orElse(Double.NaN);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        boolean isLevel = Arrays.stream(y).distinct().count() < 2;
        if (Arrays.stream(x).distinct().count() < 2) {
            return new LineFit(Double.NaN, Double.NaN, Double.NaN, x.length);
        }
        double slope = xy / xx;
        return new LineFit(meanY - slope * meanX, slope, isLevel ? Double.NaN : xy / Math.sqrt(xx * yy), x.length);
    }

    /// The line at `x`.
    public double at(double x) {
        return c0 + c1 * x;
    }

    /// Whether the points determine a line.
    public boolean isDefined() {
        return !Double.isNaN(c1);
    }
}
