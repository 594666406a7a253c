package dev.razor.eval.drift;

import java.util.Arrays;

/// Singular values and left singular vectors of small matrices by one-sided Jacobi rotations: a slow second
/// implementation that shares nothing with libtorch's.
///
/// @param values from the largest down
/// @param left `left[i]` belongs to `values[i]`
@SuppressWarnings("ArrayRecordComponent")
record Jacobi(double[] values, double[][] left) {

    /// Decomposes `a`, rows by columns.
    static Jacobi of(double[][] a) {
        double[][] columns = transposed(a);
        boolean turned = true;
        for (int sweep = 0; turned && sweep < 60; sweep++) {
            turned = false;
            for (int p = 0; p < columns.length; p++) {
                for (int q = p + 1; q < columns.length; q++) {
                    turned |= rotate(columns[p], columns[q]);
                }
            }
        }
        double[][] sorted = columns.clone();
        Arrays.sort(sorted, (x, y) -> Double.compare(dot(y, y), dot(x, x)));
        double[] values = new double[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            values[i] = Math.sqrt(dot(sorted[i], sorted[i]));
            for (int j = 0; j < sorted[i].length && values[i] > 0; j++) {
                sorted[i][j] /= values[i];
            }
        }
        return new Jacobi(values, sorted);
    }

    /// Makes two columns orthogonal; whether they were not.
    private static boolean rotate(double[] x, double[] y) {
        double xy = dot(x, y);
        double xx = dot(x, x);
        double yy = dot(y, y);
        if (Math.abs(xy) <= 1e-15 * Math.sqrt(xx * yy) || xy == 0) {
            return false;
        }
        double zeta = (yy - xx) / (2 * xy);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double c = 1 / Math.sqrt(1 + t * t);
        double s = c * t;
        for (int i = 0; i < x.length; i++) {
            double old = x[i];
            x[i] = c * old - s * y[i];
            y[i] = s * old + c * y[i];
        }
        return true;
    }

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    static double[][] transposed(double[][] a) {
        double[][] b = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                b[j][i] = a[i][j];
            }
        }
        return b;
    }
}
