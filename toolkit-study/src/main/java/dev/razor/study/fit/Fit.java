package dev.razor.study.fit;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.ArrayList;
import java.util.List;

/// A quadratic fit and the 95 % bootstrap interval of its R².
public record Fit(QuadraticFit quadratic, Interval r2Interval) {

    /// Numbers to fit `y` on `x`.
    record Pairs(double[] x, double[] y) {}

    /// The fit of `y` on `x`, and the interval over resamples of the points.
    ///
    /// Points are resampled one by one. Checkpoints of one run are not independent, so with several of them
    /// a run the true uncertainty is larger than the interval.
    static Fit of(double[] x, double[] y, long seed) {
        return of(List.of(new Pairs(x, y)), seed).getFirst();
    }

    /// The fits of each of `all`, which have one length, over the same resamples: what each has alone, in less
    /// time.
    static List<Fit> of(List<Pairs> all, long seed) {
        List<ResampledR2> resampled =
                all.stream().map(pairs -> new ResampledR2(pairs.x, pairs.y)).toList();
        int n = all.getFirst().x.length;
        List<Interval> intervals = Bootstrap.intervals(n, seed, all.size(), (indices, r2) -> {
            for (int i = 0; i < r2.length; i++) {
                r2[i] = resampled.get(i).of(indices);
            }
        });
        List<Fit> fits = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            fits.add(new Fit(QuadraticFit.of(all.get(i).x, all.get(i).y), intervals.get(i)));
        }
        return fits;
    }
}
