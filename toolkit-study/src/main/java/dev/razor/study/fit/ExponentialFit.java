package dev.razor.study.fit;

import dev.razor.core.base.Check;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The exponential curve of least squares through points `(x, y)`:
///
/// ```
/// y  ~ a - b exp(c u)            u = (x - x_min) / (x_max - x_min), in [0, 1]
/// R2 = 1 - SSres / SStot
/// ```
///
/// RL's Razor draws an exponential through the points near the Pareto front without stating its form; this one,
/// with three parameters, is ours: `y` keeps near `a - b` and falls away (`b > 0`, `c > 0`), or rises or falls
/// towards `a` (`c < 0`). For each `c` the best `a` and `b` are linear least squares; `c` is searched on a grid
/// from 0.05 to 100 in size, of both signs, and refined by golden sections.
///
/// There is no fit where the points do not ask for one: fewer than four different `x`, all `y` equal, or a best
/// `c` at an end of the grid, which is a straight line or a step.
///
/// @param low `x_min`
/// @param high `x_max`
/// @param n how many points it was fitted to
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, appendix B.1</a>
public record ExponentialFit(double a, double b, double c, double low, double high, double r2, int n) {

    private static final double LEAST = 0.05;
    private static final double MOST = 100;
    private static final int STEPS = 80;
    private static final int SECTIONS = 60;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /// The fit of `y` on `x`, which must be finite and of one length; empty where there is none.
    public static Optional<ExponentialFit> of(double[] x, double[] y) {
        Check.that(x.length == y.length, "x and y must have one length, got %d and %d", x.length, y.length);
        double low = Arrays.stream(x).min().orElse(0);
        double high = Arrays.stream(x).max().orElse(0);
        if (Arrays.stream(x).distinct().count() < 4
                || Arrays.stream(y).distinct().count() < 2) {
            return Optional.empty();
        }
        double[] u = Arrays.stream(x).map(value -> (value - low) / (high - low)).toArray();
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = -STEPS; i <= STEPS; i++) {
            double left = i == 0 ? Double.POSITIVE_INFINITY : Line.of(u, y, rate(i)).residual;
            if (left < least) {
                least = left;
                best = i;
            }
        }
        if (Math.abs(best) == 1 || Math.abs(best) == STEPS) {
            return Optional.empty();
        }
        double c = refined(u, y, Math.min(rate(best - 1), rate(best + 1)), Math.max(rate(best - 1), rate(best + 1)));
        Line line = Line.of(u, y, c);
        double mean = Arrays.stream(y).average().orElseThrow();
        double total =
                Arrays.stream(y).map(value -> (value - mean) * (value - mean)).sum();
        return Optional.of(new ExponentialFit(line.a, line.b, c, low, high, 1 - line.residual / total, x.length));
    }

    /// The curve at `x`.
    public double at(double x) {
        return a - b * Math.exp(c * (x - low) / (high - low));
    }

    /// `a`, `b`, `c`.
    public List<Double> coefficients() {
        return List.of(a, b, c);
    }

    /// The `i`-th value of `c`, evenly spaced in its logarithm; of the sign of `i`.
    private static double rate(int i) {
        double size = LEAST * Math.pow(MOST / LEAST, (Math.abs(i) - 1.0) / (STEPS - 1));
        return Math.copySign(size, i);
    }

    private static double refined(double[] u, double[] y, double from, double to) {
        double left = from;
        double right = to;
        for (int i = 0; i < SECTIONS; i++) {
            double first = right - GOLDEN * (right - left);
            double second = left + GOLDEN * (right - left);
            if (Line.of(u, y, first).residual < Line.of(u, y, second).residual) {
                right = second;
            } else {
                left = first;
            }
        }
        return (left + right) / 2;
    }

    /// The best `a` and `b` for one `c`, and the squares that are left.
    private record Line(double a, double b, double residual) {

        static Line of(double[] u, double[] y, double c) {
            int n = u.length;
            double meanE = 0;
            double meanY = 0;
            for (int i = 0; i < n; i++) {
                meanE += Math.exp(c * u[i]) / n;
                meanY += y[i] / n;
            }
            double ee = 0;
            double ey = 0;
            for (int i = 0; i < n; i++) {
                double e = Math.exp(c * u[i]) - meanE;
                ee += e * e;
                ey += e * (y[i] - meanY);
            }
            double slope = ey / ee;
            double residual = 0;
            for (int i = 0; i < n; i++) {
                double left = y[i] - meanY - slope * (Math.exp(c * u[i]) - meanE);
                residual += left * left;
            }
            return new Line(meanY - slope * meanE, -slope, residual);
        }
    }
}
