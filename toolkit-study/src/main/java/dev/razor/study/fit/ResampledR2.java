package dev.razor.study.fit;

import java.util.Arrays;

/// R² of the parabolas through resamples of some points, as [QuadraticFit] gives it, from sums of powers:
///
/// ```
/// u    = (x - mean x) / half the range of x                   of all points; v = u - its mean over the resample
/// a    = sum v^3 / sum v^2        b = sum v^2 / n             p = v^2 - a v - b, orthogonal to 1 and v
/// R2   = ((sum y v)^2 / sum v^2 + (sum y p)^2 / sum p^2) / sum (y - mean y)^2
/// ```
///
/// The powers of each point are computed once and lie side by side, so that ten thousand resamples of thousands
/// of points cost a pass each. Where a resample is so narrow that the sums would lose digits, [QuadraticFit] is
/// asked.
final class ResampledR2 {

    private static final int SUMS = 8;

    /// Below this share of its largest value, a difference of sums has lost too many digits.
    private static final double LEAST = 1e-4;

    private final double[] x;
    private final double[] y;

    /// Of each point u, u^2, u^3, u^4, w, u w, u^2 w, w^2 with w = y - mean y.
    private final double[] powers;

    ResampledR2(double[] x, double[] y) {
        this.x = x;
        this.y = y;
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double half = (Arrays.stream(x).max().orElse(0) - Arrays.stream(x).min().orElse(0)) / 2;
        powers = new double[SUMS * x.length];
        for (int i = 0; i < x.length; i++) {
            double u = (x[i] - meanX) / half;
            double w = y[i] - meanY;
            double[] of = {u, u * u, u * u * u, u * u * u * u, w, u * w, u * u * w, w * w};
            System.arraycopy(of, 0, powers, SUMS * i, SUMS);
        }
    }

    /// R² of the parabola through the points with these indices; NaN where it is not defined.
    double of(int[] indices) {
        double u1 = 0;
        double u2 = 0;
        double u3 = 0;
        double u4 = 0;
        double w1 = 0;
        double uw = 0;
        double u2w = 0;
        double w2 = 0;
        for (int index : indices) {
            int at = SUMS * index;
            u1 += powers[at];
            u2 += powers[at + 1];
            u3 += powers[at + 2];
            u4 += powers[at + 3];
            w1 += powers[at + 4];
            uw += powers[at + 5];
            u2w += powers[at + 6];
            w2 += powers[at + 7];
        }
        int n = indices.length;
        double mean = u1 / n;
        double meanW = w1 / n;
        double v2 = u2 - mean * u1;
        double v3 = u3 - 3 * mean * u2 + 2 * mean * mean * u1;
        double v4 = u4 - 4 * mean * u3 + 6 * mean * mean * u2 - 3 * mean * mean * mean * u1;
        double vw = uw - mean * w1;
        double v2w = u2w - 2 * mean * uw + mean * mean * w1;
        double total = w2 - meanW * w1;
        double a = v3 / v2;
        double pp = v4 - a * v3 - v2 / n * v2;
        double pw = v2w - a * vw - v2 / n * w1;
        boolean isSafe = v2 > LEAST * n && pp > LEAST * v4 && total > LEAST * w2;
        // where the parabola meets all points, rounding brings the quotient a little above 1, which R² never is
        return isSafe ? Math.min(1, (vw * vw / v2 + pw * pw / pp) / total) : exact(indices);
    }

    private double exact(int[] indices) {
        double[] resampledX = new double[indices.length];
        double[] resampledY = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            resampledX[i] = x[indices[i]];
            resampledY[i] = y[indices[i]];
        }
        return QuadraticFit.of(resampledX, resampledY).r2();
    }
}
