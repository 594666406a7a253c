package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuadraticFitTest {

    /// x = -1, 0, 1, 2 and y = 1, 0, 1, 2.
    ///
    /// Sums: n 4, x 2, x2 6, x3 8, x4 18, y 4, xy 4, x2y 10. Normal equations
    /// 4 c0 + 2 c1 + 6 c2 = 4; 2 c0 + 6 c1 + 8 c2 = 4; 6 c0 + 8 c1 + 18 c2 = 10
    /// give c0 = 3/10, c1 = -1/10, c2 = 1/2. Residuals 1-0.9, 0-0.3, 1-0.7, 2-2.1: SSres = 0.2;
    /// SStot = 0 + 1 + 0 + 1 = 2; R2 = 0.9.
    @Test
    void of_agreesWithTheNormalEquationsByHand() {
        QuadraticFit fit = QuadraticFit.of(new double[] {-1, 0, 1, 2}, new double[] {1, 0, 1, 2});
        assertThat(fit.c0()).isCloseTo(0.3, within(1e-14));
        assertThat(fit.c1()).isCloseTo(-0.1, within(1e-14));
        assertThat(fit.c2()).isCloseTo(0.5, within(1e-14));
        assertThat(fit.r2()).isCloseTo(0.9, within(1e-14));
        assertThat(fit.n()).isEqualTo(4);
        assertThat(fit.at(2)).isCloseTo(2.1, within(1e-14));
    }

    @ParameterizedTest
    @CsvSource({"1e-9, 0", "1e-6, 0", "1, 0", "10, 0", "1, 1000", "1e-3, 5"})
    void of_agreesWithExactArithmetic_whateverTheScale(double width, double offset) {
        SplittableRandom random = new SplittableRandom(11);
        double[] x = random.doubles(40).map(u -> offset + width * u * u).toArray();
        double[] y = random.doubles(40).map(u -> 0.3 * u).toArray();
        for (int i = 0; i < x.length; i++) {
            double u = (x[i] - offset) / width;
            y[i] += 0.1 + 0.4 * u - 0.2 * u * u;
        }
        QuadraticFit fit = QuadraticFit.of(x, y);
        double[] exact = exactNormalEquations(x, y);
        double middle = offset + width / 3;
        double expected = exact[0] + middle * (exact[1] + middle * exact[2]);
        // powers of x around an offset cancel: digits are lost in proportion to (offset / width)^2
        double lost = 1 + Math.pow(offset / width, 2);
        assertThat(fit.at(middle)).isCloseTo(expected, within(1e-12 * lost));
        assertThat(fit.c2() * width * width).isCloseTo(exact[2] * width * width, within(1e-10));
        assertThat(fit.r2()).isBetween(0.2, 0.9);
    }

    @Test
    void of_doesNotDependOnTheUnitOfX() {
        double[] x = {0.1, 0.5, 0.9, 1.7, 3.1};
        double[] y = {0.0, 0.1, 0.1, 0.4, 0.3};
        double[] tiny = {0.1e-7, 0.5e-7, 0.9e-7, 1.7e-7, 3.1e-7};
        assertThat(QuadraticFit.of(tiny, y).r2())
                .isCloseTo(QuadraticFit.of(x, y).r2(), within(1e-13));
    }

    @Test
    void of_isExactOnAParabola() {
        double[] x = {1, 2, 3, 5, 8};
        double[] y = {6, 11, 18, 38, 83};
        QuadraticFit fit = QuadraticFit.of(x, y); // 3 + 2x + x^2, which is 6, 11, 18, 38, 83
        assertThat(fit.coefficients())
                .satisfiesExactly(
                        c -> assertThat(c).isCloseTo(3, within(1e-11)),
                        c -> assertThat(c).isCloseTo(2, within(1e-11)),
                        c -> assertThat(c).isCloseTo(1, within(1e-11)));
        assertThat(fit.r2()).isCloseTo(1, within(1e-14));
    }

    @Test
    void of_leavesUndefinedWhatThePointsDoNotDetermine() {
        assertThat(QuadraticFit.of(new double[0], new double[0]).isDefined()).isFalse();
        QuadraticFit twoDistinct = QuadraticFit.of(new double[] {1, 2, 1, 2}, new double[] {1, 2, 3, 4});
        assertThat(twoDistinct.isDefined()).isFalse();
        assertThat(twoDistinct.r2()).isNaN();
        assertThat(twoDistinct.n()).isEqualTo(4);
        QuadraticFit flat = QuadraticFit.of(new double[] {1, 2, 3, 4}, new double[] {0.1, 0.1, 0.1, 0.1});
        assertThat(flat.r2()).isNaN();
        assertThat(flat.at(2.5)).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void of_refusesUnequalLengths() {
        assertThatThrownBy(() -> QuadraticFit.of(new double[2], new double[3])).hasMessageContaining("2 and 3");
    }

    /// The normal equations solved by Cramer's rule in 60 digits.
    private static double[] exactNormalEquations(double[] x, double[] y) {
        BigDecimal[] s = new BigDecimal[5];
        BigDecimal[] t = new BigDecimal[3];
        for (int power = 0; power < 5; power++) {
            s[power] = BigDecimal.ZERO;
            for (double value : x) {
                s[power] = s[power].add(new BigDecimal(value).pow(power));
            }
        }
        for (int power = 0; power < 3; power++) {
            t[power] = BigDecimal.ZERO;
            for (int i = 0; i < x.length; i++) {
                t[power] = t[power].add(new BigDecimal(x[i]).pow(power).multiply(new BigDecimal(y[i])));
            }
        }
        BigDecimal[][] columns = {{s[0], s[1], s[2]}, {s[1], s[2], s[3]}, {s[2], s[3], s[4]}};
        BigDecimal whole = determinant(columns);
        double[] c = new double[3];
        for (int i = 0; i < 3; i++) {
            BigDecimal[][] replaced = columns.clone();
            replaced[i] = t;
            c[i] = determinant(replaced).divide(whole, new MathContext(60)).doubleValue();
        }
        return c;
    }

    private static BigDecimal determinant(BigDecimal[][] m) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < 3; i++) {
            BigDecimal minor = m[1][(i + 1) % 3]
                    .multiply(m[2][(i + 2) % 3])
                    .subtract(m[1][(i + 2) % 3].multiply(m[2][(i + 1) % 3]));
            sum = sum.add(m[0][i].multiply(minor));
        }
        return sum;
    }
}
