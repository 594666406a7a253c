package dev.razor.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

final class BootstrapTest {

    /// Order statistics 0, 10, 20, 30, 40: the 2.5th percentile is at position 0.1, the 97.5th at 3.9.
    @Test
    void percentile_interpolatesBetweenOrderStatistics() {
        double[] sorted = {0, 10, 20, 30, 40};
        assertThat(Bootstrap.percentile(sorted, 0.025)).isCloseTo(1, within(1e-12));
        assertThat(Bootstrap.percentile(sorted, 0.975)).isCloseTo(39, within(1e-12));
        assertThat(Bootstrap.percentile(sorted, 1)).isEqualTo(40);
    }

    /// The mean of n draws is normal with standard error sigma / sqrt(n), sigma taken over n.
    @Test
    void interval_ofAMean_agreesWithTheNormalOne() {
        SplittableRandom random = new SplittableRandom(5);
        double[] data = random.doubles(400).toArray();
        double mean = Arrays.stream(data).average().orElseThrow();
        double variance =
                Arrays.stream(data).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        double half = 1.96 * Math.sqrt(variance / data.length);
        Interval interval = Bootstrap.interval(data.length, 1, meanOf(data));
        assertThat(interval.low()).isCloseTo(mean - half, within(0.05 * half));
        assertThat(interval.high()).isCloseTo(mean + half, within(0.05 * half));
    }

    @Test
    void interval_isAFunctionOfTheSeed() {
        double[] data = new SplittableRandom(9).doubles(50).toArray();
        assertThat(Bootstrap.interval(50, 3, meanOf(data))).isEqualTo(Bootstrap.interval(50, 3, meanOf(data)));
        assertThat(Bootstrap.interval(50, 3, meanOf(data))).isNotEqualTo(Bootstrap.interval(50, 4, meanOf(data)));
    }

    @Test
    void interval_isUndefinedWhereTooManyResamplesAre() {
        assertThat(Bootstrap.interval(0, 0, _ -> 1).isDefined()).isFalse();
        assertThat(Bootstrap.interval(3, 0, indices -> indices[0] == 0 ? Double.NaN : 1)
                        .isDefined())
                .isFalse();
        assertThat(Bootstrap.interval(100, 0, indices -> indices[0] == 0 ? Double.NaN : 1))
                .isEqualTo(new Interval(1, 1));
    }

    private static ToDoubleFunction<int[]> meanOf(double[] data) {
        return indices ->
                Arrays.stream(indices).mapToDouble(i -> data[i]).average().orElseThrow();
    }
}
