package dev.razor.study.fit;

import dev.razor.core.base.Check;
import java.util.Arrays;
import java.util.List;

/// The parabola of least squares through points `(x, y)`, and how much of `y` it explains.
///
/// ```
/// y  ~ c0 + c1 x + c2 x^2
/// R2 = 1 - SSres / SStot                    in-sample: of the points it was fitted to
/// ```
///
/// What the data do not determine is NaN: everything with fewer than three distinct `x`, and `r2` when all
/// `y` are equal. With exactly three distinct `x` and one point each the parabola passes through all points
/// and `r2` is 1 whatever was measured.
///
/// The sums are taken over polynomials that are orthogonal on the points, of `x` scaled to `[-1, 1]`, and
/// only the result is brought back to powers of `x`. The normal equations in `x` itself would lose twice
/// the digits, and all of them for divergences around 1e-6.
///
/// @param n how many points it was fitted to
/// @see <a href="https://doi.org/10.1137/0105007">Forsythe 1957</a>
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, section 4 and table 1</a>
public record QuadraticFit(double c0, double c1, double c2, double r2, int n) {

    /// The fit of `y` on `x`, which must be finite and of one length.
    public static QuadraticFit of(double[] x, double[] y) {
        Check.that(x.length == y.length, "x and y must have one length, got %d and %d", x.length, y.length);
        int n = x.length;
        if (!hasThreeDistinct(x)) {
            return new QuadraticFit(Double.NaN, Double.NaN, Double.NaN, Double.NaN, n);
        }
        double low = Arrays.stream(x).min().orElseThrow();
        double high = Arrays.stream(x).max().orElseThrow();
        double scale = (high - low) / 2;
        double middle = 0;
        for (double value : x) {
            middle += (value - low) / scale / n;
        }
        double meanY = Arrays.stream(y).sum() / n;

        // p0 = 1, p1 = u, p2 = u^2 - a u - b, with u of mean zero
        double[] u = new double[n];
        double u2 = 0;
        double u3 = 0;
        double yu = 0;
        for (int i = 0; i < n; i++) {
            u[i] = (x[i] - low) / scale - middle;
            u2 += u[i] * u[i];
            u3 += u[i] * u[i] * u[i];
            yu += (y[i] - meanY) * u[i];
        }
        double a = u3 / u2;
        double b = u2 / n;
        double p2p2 = 0;
        double yp2 = 0;
        for (int i = 0; i < n; i++) {
            double p2 = u[i] * u[i] - a * u[i] - b;
            p2p2 += p2 * p2;
            yp2 += (y[i] - meanY) * p2;
        }
        double b1 = yu / u2;
        double b2 = yp2 / p2p2;

        double residual = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            double fitted = b1 * u[i] + b2 * (u[i] * u[i] - a * u[i] - b);
            residual += (y[i] - meanY - fitted) * (y[i] - meanY - fitted);
            total += (y[i] - meanY) * (y[i] - meanY);
        }
        double r2 = allEqual(y) ? Double.NaN : 1 - residual / total;

        // u = x / scale - shift
        double shift = low / scale + middle;
        double linear = b1 - a * b2;
        return new QuadraticFit(
                meanY - b * b2 - linear * shift + b2 * shift * shift,
                (linear - 2 * b2 * shift) / scale,
                b2 / (scale * scale),
                r2,
                n);
    }

    /// The parabola at `x`.
    public double at(double x) {
        return c0 + x * (c1 + x * c2);
    }

    /// The coefficients from the constant up.
    public List<Double> coefficients() {
        return List.of(c0, c1, c2);
    }

    /// Whether the points determine a parabola.
    public boolean isDefined() {
        return !Double.isNaN(c2);
    }

    private static boolean hasThreeDistinct(double[] values) {
        if (values.length < 3) {
            return false;
        }
        double first = values[0];
        double second = first;
        for (double value : values) {
            if (value != first && second == first) {
                second = value;
            } else if (value != first && value != second) {
                return true;
            }
        }
        return false;
    }

    private static boolean allEqual(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }
}
