package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.SyntheticPoints;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExponentialFitTest {

    private static final double[] X =
            IntStream.range(0, 12).mapToDouble(i -> 0.4 + 0.05 * i).toArray(); // u = i / 11

    private static double[] curve(double a, double b, double c) {
        return IntStream.range(0, 12)
                .mapToDouble(i -> a - b * Math.exp(c * i / 11))
                .toArray();
    }

    @Test
    void of_pointsOnACurve_findsIt() {
        for (double c : new double[] {0.7, 3, 8, -2}) {
            ExponentialFit fit = ExponentialFit.of(X, curve(0.58, 0.01, c)).orElseThrow();
            assertThat(fit.c()).isCloseTo(c, within(1e-5));
            assertThat(fit.a()).isCloseTo(0.58, within(1e-6));
            assertThat(fit.b()).isCloseTo(0.01, within(1e-6));
            assertThat(fit.r2()).isCloseTo(1, within(1e-9));
            assertThat(fit.at(X[3])).isCloseTo(0.58 - 0.01 * Math.exp(c * 3 / 11), within(1e-8));
        }
    }

    /// No small change of a noisy fit's parameters leaves less.
    @Test
    void of_noisyPoints_isTheLeastSquares() {
        Random random = new Random(1);
        double[] y = Arrays.stream(curve(0.58, 0.004, 3))
                .map(value -> value + 0.004 * random.nextGaussian())
                .toArray();
        ExponentialFit fit = ExponentialFit.of(X, y).orElseThrow();
        double least = left(fit, y, 0, 0, 0);
        for (int sign : new int[] {-1, 1}) {
            assertThat(left(fit, y, sign * 1e-3, 0, 0)).isGreaterThan(least);
            assertThat(left(fit, y, 0, sign * 1e-3, 0)).isGreaterThan(least);
            assertThat(left(fit, y, 0, 0, sign * 1e-2)).isGreaterThan(least);
        }
        assertThat(fit.r2()).isBetween(0.8, 1.0);
    }

    private static double left(ExponentialFit fit, double[] y, double a, double b, double c) {
        var moved = new ExponentialFit(fit.a() + a, fit.b() + b, fit.c() + c, fit.low(), fit.high(), fit.r2(), fit.n());
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += (y[i] - moved.at(X[i])) * (y[i] - moved.at(X[i]));
        }
        return sum;
    }

    @Test
    void of_pointsThatDetermineNone_isNoFit() {
        assertThat(ExponentialFit.of(new double[] {1, 2, 3}, new double[] {1, 2, 4}))
                .isEmpty();
        assertThat(ExponentialFit.of(new double[0], new double[0])).isEmpty();
        assertThat(ExponentialFit.of(X, new double[12])).isEmpty();
        double[] line = Arrays.stream(X).map(x -> 2 - x).toArray();
        assertThat(ExponentialFit.of(X, line)).as("a straight line").isEmpty();
        double[] step = IntStream.range(0, 12).mapToDouble(i -> i == 11 ? 0 : 1).toArray();
        assertThat(ExponentialFit.of(X, step)).as("a step").isEmpty();
    }

    @Test
    void front_keepsThePointsOfTheBand_withTheBase() {
        MethodFront.of(SyntheticPoints.study(1)).forEach((method, front) -> {
            assertThat(front.kept()).containsAll(front.front()).hasSizeGreaterThan(3);
            front.curve()
                    .ifPresent(curve ->
                            assertThat(curve.n()).isEqualTo(front.kept().size()));
        });
    }

    @Test
    void predictors_standFromTheBestDown() {
        List<Predictors.Predictor> ranked = Predictors.ranked(Fits.of(SyntheticPoints.study(1)));
        assertThat(ranked.stream().map(Predictors.Predictor::meter))
                .containsExactlyInAnyOrder("forward_kl", "reverse_kl", "total_variation");
        assertThat(ranked)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(one -> -one.fit().quadratic().r2()));
        assertThat(ranked.getLast().meter()).isEqualTo("reverse_kl");
    }
}
