package dev.razor.study.fit;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;

/// A quadratic fit and the 95 % bootstrap interval of its R².
public record Fit(QuadraticFit quadratic, Interval r2Interval) {

    /// The fit of `y` on `x`, and the interval over resamples of the points.
    ///
    /// Points are resampled one by one. Checkpoints of one run are not independent, so with several of them
    /// a run the true uncertainty is larger than the interval.
    static Fit of(double[] x, double[] y, long seed) {
        double[] resampledX = new double[x.length];
        double[] resampledY = new double[y.length];
        Interval interval = Bootstrap.interval(x.length, seed, indices -> {
            for (int i = 0; i < indices.length; i++) {
                resampledX[i] = x[indices[i]];
                resampledY[i] = y[indices[i]];
            }
            return QuadraticFit.of(resampledX, resampledY).r2();
        });
        return new Fit(QuadraticFit.of(x, y), interval);
    }
}
