package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KernelAlignmentTest {

    private static double[][] random(int n, int d, long seed) {
        Random random = new Random(seed);
        double[][] x = new double[n][d];
        for (double[] row : x) {
            Arrays.setAll(row, _ -> random.nextGaussian());
        }
        return x;
    }

    private static double[][] kernel(double[][] x) {
        return times(x, Jacobi.transposed(x));
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    /// By hand: x = (-5, -4, 4, 5), already of mean 0, so K' = x x^T; nearest by K' are 0-1 and 2-3. In y = (-5,
    /// 4, -4, 5) they are 0-2 and 1-3.
    ///
    ///     CKA = (x . y)^2 / (|x|^2 |y|^2) = (25 - 16 - 16 + 25)^2 / 82^2 = 18^2 / 82^2
    @Test
    void of_fourPoints_isWorkedOutByHand() {
        double[][] x = {{-5}, {-4}, {4}, {5}};
        double[][] y = {{-5}, {4}, {-4}, {5}};
        KernelAlignment apart = KernelAlignment.of(kernel(x), kernel(y), 1);
        assertThat(apart.cka()).isCloseTo(18.0 * 18 / (82 * 82), within(1e-12));
        assertThat(apart.cknna()).isZero();
        assertThat(apart.cknnaPrinted()).isNaN();
    }

    /// By hand: y = (-6, -4, 1, 9), of mean 0: K'_y has neighbours 0-1 (24) and 2-3 (9) as K'_x has 0-1 (20) and
    /// 2-3 (20).
    ///
    ///     <K', L'> = 2 (20 24 + 20 9) = 1320,  <K', K'> = 2 (400 + 400),  <L', L'> = 2 (576 + 81)
    @Test
    void of_fourPointsWithTheSameNeighbours_isWorkedOutByHand() {
        double[][] x = {{-5}, {-4}, {4}, {5}};
        double[][] y = {{-6}, {-4}, {1}, {9}};
        KernelAlignment found = KernelAlignment.of(kernel(x), kernel(y), 1);
        assertThat(found.cknna()).isCloseTo(1320 / Math.sqrt(1600.0 * 1314), within(1e-12));
        assertThat(found.cknnaPrinted()).isCloseTo(found.cknna(), within(1e-12));
    }

    @Test
    void of_independentRepresentations_isNearZero_exceptTheFormAsPrinted() {
        for (long seed = 0; seed < 10; seed++) {
            KernelAlignment found =
                    KernelAlignment.of(kernel(random(200, 32, 2 * seed)), kernel(random(200, 32, 2 * seed + 1)), 10);
            assertThat(found.cknna()).isBetween(-0.1, 0.1);
            assertThat(found.cknnaPrinted()).isGreaterThan(0.9);
        }
    }

    @Test
    void of_aRepresentationAndItself_isOne() {
        double[][] kernel = kernel(random(60, 8, 1));
        KernelAlignment found = KernelAlignment.of(kernel, kernel, 10);
        assertThat(found.cka()).isCloseTo(1, within(1e-12));
        assertThat(found.cknna()).isCloseTo(1, within(1e-12));
        assertThat(found.cknnaPrinted()).isCloseTo(1, within(1e-12));
    }

    /// A turned, scaled and shifted representation is the same one.
    @Test
    void of_doesNotSeeRotationScaleAndShift() {
        double[][] x = random(40, 6, 1);
        double[][] turned = times(x, Jacobi.of(random(6, 6, 2)).left());
        for (double[] row : turned) {
            for (int i = 0; i < row.length; i++) {
                row[i] = 3 * row[i] + 7;
            }
        }
        double[][] other = kernel(random(40, 9, 3));
        KernelAlignment before = KernelAlignment.of(kernel(x), other, 5);
        KernelAlignment after = KernelAlignment.of(kernel(turned), other, 5);
        assertThat(after.cka()).isCloseTo(before.cka(), within(1e-9));
        assertThat(after.cknna()).isCloseTo(before.cknna(), within(1e-9));
        assertThat(KernelAlignment.of(kernel(x), kernel(turned), 5).cka()).isCloseTo(1, within(1e-9));
    }

    /// The formulas once more, with the centring matrix written out and neighbours by sorting.
    @Test
    void of_agreesWithAScalarVersion() {
        double[][] x = random(30, 5, 4);
        double[][] y = random(30, 7, 5);
        for (int i = 0; i < x.length; i++) {
            System.arraycopy(x[i], 0, y[i], 0, 3); // something in common
        }
        KernelAlignment found = KernelAlignment.of(kernel(x), kernel(y), 4);
        int n = x.length;
        double[][] h = new double[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(h[i], -1.0 / n);
            h[i][i] += 1;
        }
        double[][] a = times(times(h, kernel(x)), h);
        double[][] b = times(times(h, kernel(y)), h);
        double[] sums = new double[8];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                boolean nearX = near(a, i, j, 4) && near(a, j, i, 4);
                boolean nearY = near(b, i, j, 4) && near(b, j, i, 4);
                double[] products = {a[i][j] * b[i][j], a[i][j] * a[i][j], b[i][j] * b[i][j]};
                for (int p = 0; p < 3; p++) {
                    sums[p] += products[p];
                    sums[3 + p] += nearX && nearY ? products[p] : 0;
                }
                sums[6] += nearX ? products[1] : 0;
                sums[7] += nearY ? products[2] : 0;
            }
        }
        assertThat(found.cka()).isCloseTo(sums[0] / Math.sqrt(sums[1] * sums[2]), within(1e-12));
        assertThat(found.cknna()).isCloseTo(sums[3] / Math.sqrt(sums[6] * sums[7]), within(1e-12));
        assertThat(found.cknnaPrinted()).isCloseTo(sums[3] / Math.sqrt(sums[4] * sums[5]), within(1e-12));
        assertThat(found.cknna()).isBetween(0.05, 0.95);
    }

    private static boolean near(double[][] kernel, int i, int j, int k) {
        return IntStream.range(0, kernel.length)
                .filter(other -> other != i)
                .boxed()
                .sorted(Comparator.comparingDouble(other -> -kernel[i][other]))
                .limit(k)
                .anyMatch(other -> other == j);
    }

    @Test
    void of_moreNeighboursThanThings_isRefused() {
        double[][] kernel = kernel(random(4, 2, 1));
        assertThatThrownBy(() -> KernelAlignment.of(kernel, kernel, 4))
                .hasMessage("neighbours must be between 1 and 3, got 4");
    }
}
