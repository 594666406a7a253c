package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.random.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The largest eigenvalue of a symmetric matrix without negative ones, by Lanczos' method with full
/// reorthogonalisation:
///
/// ```
/// G q_j = b_(j-1) q_(j-1) + a_j q_j + b_j q_(j+1)         q_1 random, of length 1
/// theta = largest eigenvalue of the tridiagonal (a, b)    with eigenvector s
/// |lambda - theta| <= b_m |s_m|                           for the eigenvalue lambda next to theta
/// ```
///
/// It ends when that bound is below 1e-6 of theta (so a singular value, its root, is known to 5e-7), or when as
/// many vectors as the matrix has rows have been used, which is exact, or after 500 of them.
///
/// @see <a href="https://doi.org/10.1137/1.9780898719581">Saad 2011, chapter 6</a>
final class LargestEigenvalue {

    private static final double TOLERANCE = 1e-6;
    private static final int MOST = 500;
    private static final int CHECK_EVERY = 5;

    private final List<double[]> basis = new ArrayList<>();
    private final List<Double> diagonal = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();

    private LargestEigenvalue() {}

    /// The eigenvalue of `matrix`, `[d, d]` in float64.
    static double of(NDArray matrix) {
        return new LargestEigenvalue().find(matrix);
    }

    private double find(NDArray matrix) {
        int size = Math.toIntExact(matrix.getShape().get(0));
        int most = Math.min(size, MOST);
        double[] next = start(size);
        for (int j = 1; ; j++) {
            basis.add(next);
            double[] product = times(matrix, next);
            double a = dot(product, next);
            Check.that(Double.isFinite(a), "the matrix must hold numbers, got %s", a);
            diagonal.add(a);
            // Twice: after the first round what is left is small against what was taken away, and carries its
            // rounding.
            orthogonalise(product);
            orthogonalise(product);
            double b = Math.sqrt(dot(product, product));
            boolean done = j == most || b <= 1e-14 * Math.abs(a);
            if (done || j % CHECK_EVERY == 0) {
                double theta = Tridiagonal.largest(diagonal, beside);
                if (done || b * Tridiagonal.lastComponent(diagonal, beside, theta) <= TOLERANCE * theta) {
                    return Math.max(0, theta);
                }
            }
            beside.add(b);
            next = scaled(product, 1 / b);
        }
    }

    private static double[] start(int size) {
        RandomGenerator random = Draws.generator(size);
        double[] start = new double[size];
        for (int i = 0; i < size; i++) {
            start[i] = random.nextGaussian();
        }
        return scaled(start, 1 / Math.sqrt(dot(start, start)));
    }

    private static double[] times(NDArray matrix, double[] vector) {
        NDManager manager = matrix.getManager();
        try (NDScope _ = new NDScope()) {
            return matrix.matMul(manager.create(vector, new Shape(vector.length, 1)))
                    .toDoubleArray();
        }
    }

    private void orthogonalise(double[] vector) {
        for (double[] known : basis) {
            double part = dot(vector, known);
            for (int i = 0; i < vector.length; i++) {
                vector[i] -= part * known[i];
            }
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double[] scaled(double[] x, double factor) {
        double[] scaled = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            scaled[i] = factor * x[i];
        }
        return scaled;
    }

    /// The symmetric tridiagonal matrix with `a_1 .. a_m` on the diagonal and `b_1 .. b_(m-1)` beside it.
    private static final class Tridiagonal {

        /// Its largest eigenvalue by bisection: `T - x` has as many positive pivots as `T` has eigenvalues above
        /// `x`.
        static double largest(List<Double> a, List<Double> b) {
            double low = Double.NEGATIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < a.size(); i++) {
                double around = (i > 0 ? b.get(i - 1) : 0) + (i + 1 < a.size() ? b.get(i) : 0);
                low = Math.max(low, a.get(i)); // a Rayleigh quotient is at most the largest eigenvalue
                high = Math.max(high, a.get(i) + around); // Gershgorin
            }
            while (true) {
                double middle = low + (high - low) / 2;
                if (middle <= low || middle >= high) {
                    return high;
                }
                if (isAbove(a, b, middle)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
        }

        private static boolean isAbove(List<Double> a, List<Double> b, double x) {
            double pivot = 1;
            for (int i = 0; i < a.size(); i++) {
                double off = i == 0 ? 0 : b.get(i - 1);
                pivot = a.get(i) - x - off * off / pivot;
                if (pivot >= 0) {
                    return true;
                }
            }
            return false;
        }

        /// The last component of the eigenvector of length 1 to the eigenvalue `theta`, without its sign. Taken
        /// from the last component backwards, in which direction the others grow and errors do not.
        static double lastComponent(List<Double> a, List<Double> b, double theta) {
            double behind = 0;
            double here = 1;
            double squares = 1;
            double last = 1;
            for (int i = a.size() - 1; i > 0; i--) {
                double off = i + 1 < a.size() ? b.get(i) : 0;
                double before = ((theta - a.get(i)) * here - off * behind) / b.get(i - 1);
                behind = here;
                here = before;
                squares += before * before;
                if (squares > 1e200) {
                    behind *= 1e-100;
                    here *= 1e-100;
                    squares *= 1e-200;
                    last *= 1e-100;
                }
            }
            return last / Math.sqrt(squares);
        }
    }
}
