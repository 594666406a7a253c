package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResampledR2Test {

    /// Points of which one lies far from the others, which then are narrow wherever it was not drawn; equal
    /// values; two values alone; sizes from nearly nothing to a study's.
    @ParameterizedTest
    @CsvSource({"5, 1", "12, 1", "12, 1e6", "12, 1e-7", "300, 1", "300, 1e4", "300, 1e-7", "20, 0"})
    void of_isWhatQuadraticFitSays(int n, double far) {
        Random random = new Random(7);
        double[] x = random.doubles(n).toArray();
        x[0] *= far;
        if (far == 0) {
            Arrays.setAll(x, i -> i % 2);
            x[1] = 0.5;
        }
        double[] y = Arrays.stream(x)
                .map(value -> 1e-3 * value * value + 0.05 * random.nextGaussian())
                .toArray();
        y[1] = y[2];
        ResampledR2 resampled = new ResampledR2(x, y);
        for (int resample = 0; resample < 200; resample++) {
            int[] indices = random.ints(n, 0, n).toArray();
            double expected = QuadraticFit.of(
                            Arrays.stream(indices).mapToDouble(i -> x[i]).toArray(),
                            Arrays.stream(indices).mapToDouble(i -> y[i]).toArray())
                    .r2();
            if (Double.isNaN(expected)) {
                assertThat(resampled.of(indices)).isNaN();
            } else {
                assertThat(resampled.of(indices)).isCloseTo(expected, within(1e-9));
            }
        }
    }

    /// Resamples of three distinct points, whose parabola meets them all.
    @Test
    void of_isNeverAboveOne() {
        Random random = new Random(7);
        double largest = 0;
        for (int study = 0; study < 300; study++) {
            ResampledR2 resampled = new ResampledR2(
                    random.doubles(5).toArray(), random.doubles(5).toArray());
            for (int resample = 0; resample < 50; resample++) {
                double r2 = resampled.of(random.ints(5, 0, 5).toArray());
                largest = Double.isNaN(r2) ? largest : Math.max(largest, r2);
            }
        }
        assertThat(largest).isEqualTo(1);
    }
}
