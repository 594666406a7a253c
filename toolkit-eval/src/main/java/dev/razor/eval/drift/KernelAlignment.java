package dev.razor.eval.drift;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// How alike two representations of the same `n` things are, from their kernels `K = X X^T` and `L = Y Y^T`,
/// centred `K' = H K H` with `H = I - 1 1^T / n`:
///
/// ```
/// CKA       <K', L'> / (|K'| |L'|)
/// alpha_K   1 where i and j are mutual nearest neighbours: j among the k largest K'_ij of row i and i among
///           those of row j, i not j
/// CKNNA     <K', L'>_(alpha_K alpha_L) / sqrt(<K', K'>_(alpha_K) <L', L'>_(alpha_L))
/// printed   the same with alpha_K alpha_L in all three places
/// ```
///
/// with `<A, B>_alpha = sum_ij alpha_ij A_ij B_ij`. The printed form is that of RL's Razor, appendix C.1; it
/// gives 0.99 for representations that have nothing to do with each other, because the few pairs that are
/// neighbours in both agree by selection. CKNNA gives them nearly zero. Huh et al. ask only that j be a
/// neighbour of i, not also i of j.
///
/// What is not defined is NaN: all things alike, or no pair that are neighbours.
///
/// @see <a href="https://arxiv.org/abs/1905.00414">CKA, Kornblith et al. 2019</a>
/// @see <a href="https://arxiv.org/abs/2405.07987">CKNNA, Huh et al. 2024</a>
public record KernelAlignment(double cka, double cknna, double cknnaPrinted) {

    /// Compares two kernels.
    ///
    /// @param k neighbours of each thing, fewer than there are others
    public static KernelAlignment of(double[][] kernelX, double[][] kernelY, int k) {
        int n = kernelX.length;
        Check.that(kernelY.length == n, "kernels of %d and %d things", n, kernelY.length);
        Check.that(k > 0 && k < n, "neighbours must be between 1 and %d, got %d", n - 1, k);
        double[][] x = centred(kernelX);
        double[][] y = centred(kernelY);
        boolean[][] ofX = mutual(x, k);
        boolean[][] ofY = mutual(y, k);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        double sharedXy = 0;
        double sharedXx = 0;
        double sharedYy = 0;
        double ownXx = 0;
        double ownYy = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double a = x[i][j];
                double b = y[i][j];
                xy += a * b;
                xx += a * a;
                yy += b * b;
                ownXx += ofX[i][j] ? a * a : 0;
                ownYy += ofY[i][j] ? b * b : 0;
                if (ofX[i][j] && ofY[i][j]) {
                    sharedXy += a * b;
                    sharedXx += a * a;
                    sharedYy += b * b;
                }
            }
        }
        return new KernelAlignment(
                ratio(xy, xx, yy), ratio(sharedXy, ownXx, ownYy), ratio(sharedXy, sharedXx, sharedYy));
    }

    private static double ratio(double product, double x, double y) {
        return product / (Math.sqrt(x) * Math.sqrt(y));
    }

    private static double[][] centred(double[][] kernel) {
        int n = kernel.length;
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            means[i] = Arrays.stream(kernel[i]).sum() / n;
        }
        double mean = Arrays.stream(means).sum() / n;
        double[][] centred = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                centred[i][j] = kernel[i][j] - means[i] - means[j] + mean; // the kernel is symmetric
            }
        }
        return centred;
    }

    private static boolean[][] mutual(double[][] kernel, int k) {
        int n = kernel.length;
        boolean[][] near = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j : nearest(kernel[i], i, k)) {
                near[i][j] = true;
            }
        }
        boolean[][] mutual = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                mutual[i][j] = near[i][j] && near[j][i];
            }
        }
        return mutual;
    }

    /// The `k` largest of a row, of equal ones the first; not `self`. Kept from the largest down.
    private static int[] nearest(double[] row, int self, int k) {
        int[] best = new int[k];
        int found = 0;
        for (int j = 0; j < row.length; j++) {
            if (j == self || (found == k && row[j] <= row[best[k - 1]])) {
                continue;
            }
            int place = found < k ? found++ : k - 1;
            while (place > 0 && row[best[place - 1]] < row[j]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = j;
        }
        return best;
    }
}
