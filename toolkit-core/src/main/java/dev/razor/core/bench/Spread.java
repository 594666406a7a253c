package dev.razor.core.bench;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// Repeated measurements of one thing: their median and quartiles, interpolated between neighbours.
public record Spread(double median, double lowerQuartile, double upperQuartile) {

    /// The spread of at least one measurement.
    public static Spread of(double[] values) {
        Check.that(values.length > 0, "nothing was measured");
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75));
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
