package dev.razor.core.stats;

import dev.razor.core.base.Check;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// 95 % intervals by resampling with replacement: the 2.5th and 97.5th percentile of the statistic over
/// 10,000 resamples.
///
/// Percentiles are interpolated between order statistics, as NumPy's default does. A resample for which the
/// statistic is not defined (NaN) does not count; when more than one in twenty is lost that way, what
/// remains no longer stands for the data, and there is no interval. For the parabola, which needs three
/// distinct points, that is the case for up to five points.
///
/// @see <a href="https://doi.org/10.1201/9780429246593">Efron and Tibshirani 1993, chapter 13</a>
public final class Bootstrap {

    /// How many resamples are drawn.
    public static final int RESAMPLES = 10_000;

    private static final RandomGeneratorFactory<RandomGenerator> GENERATOR =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Bootstrap() {}

    /// The interval of `statistic`, which is given the indices of a resample of `n` things.
    ///
    /// The array of indices is the same one at each call.
    public static Interval interval(int n, long seed, ToDoubleFunction<int[]> statistic) {
        return intervals(n, seed, 1, (indices, values) -> values[0] = statistic.applyAsDouble(indices))
                .getFirst();
    }

    /// The intervals of several statistics of the same resamples: those that [#interval] would give of each
    /// alone.
    ///
    /// @param statistics how many
    /// @param fill is given the indices of a resample and the array to put the statistics' values into; both
    ///     arrays are the same ones at each call
    public static List<Interval> intervals(int n, long seed, int statistics, BiConsumer<int[], double[]> fill) {
        Check.that(n >= 0, "n must not be negative, got %d", n);
        if (n == 0) {
            return Collections.nCopies(statistics, Interval.UNDEFINED);
        }
        RandomGenerator random = GENERATOR.create(seed);
        double[][] values = new double[statistics][RESAMPLES];
        int[] indices = new int[n];
        double[] of = new double[statistics];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            for (int i = 0; i < n; i++) {
                indices[i] = random.nextInt(n);
            }
            fill.accept(indices, of);
            for (int s = 0; s < statistics; s++) {
                values[s][resample] = of[s];
            }
        }
        return Arrays.stream(values).map(Bootstrap::interval).toList();
    }

    private static Interval interval(double[] values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return sorted.length < 0.95 * RESAMPLES
                ? Interval.UNDEFINED
                : new Interval(percentile(sorted, 0.025), percentile(sorted, 0.975));
    }

    static double percentile(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
