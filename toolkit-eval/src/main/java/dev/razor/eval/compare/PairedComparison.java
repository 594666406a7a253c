package dev.razor.eval.compare;

import dev.razor.core.base.Check;
import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One metric of two models on the same items.
///
/// ```
/// difference = mean_i (b_i - a_i)
/// ci95       = percentiles of that mean over resamples of the items      both models' values of an item together
/// ```
///
/// @param task its name
/// @param metric its name
/// @param items how many both answered
/// @param otherPrompts items that the two were asked in other words, such as with other examples
/// @param a mean of the first model
/// @param b mean of the second
/// @param difference `b - a`
/// @param ci95 its interval
/// @param counts of right answers, where every value is 0 or 1
public record PairedComparison(
        String task,
        String metric,
        int items,
        int otherPrompts,
        double a,
        double b,
        double difference,
        Interval ci95,
        @Nullable Counts counts) {

    /// How often both, one or none of the models was right, and whether that can be chance.
    public record Counts(int both, int onlyA, int onlyB, int neither, McNemar mcNemar) {}

    /// Compares values that stand in the same order.
    ///
    /// @param seed of the resamples
    static PairedComparison of(
            String task, String metric, List<Double> a, List<Double> b, int otherPrompts, long seed) {
        int n = a.size();
        Check.that(n > 0 && n == b.size(), "%d values for %d", b.size(), n);
        double[] differences = new double[n];
        double sumA = 0;
        double sumB = 0;
        for (int i = 0; i < n; i++) {
            differences[i] = b.get(i) - a.get(i);
            sumA += a.get(i);
            sumB += b.get(i);
        }
        Interval interval = Bootstrap.interval(n, seed, indices -> {
            double sum = 0;
            for (int index : indices) {
                sum += differences[index];
            }
            return sum / n;
        });
        return new PairedComparison(
                task, metric, n, otherPrompts, sumA / n, sumB / n, (sumB - sumA) / n, interval, counts(a, b));
    }

    private static @Nullable Counts counts(List<Double> a, List<Double> b) {
        int[] cells = new int[4]; // 2 a + b
        for (int i = 0; i < a.size(); i++) {
            if (!isMark(a.get(i)) || !isMark(b.get(i))) {
                return null;
            }
            cells[2 * a.get(i).intValue() + b.get(i).intValue()]++;
        }
        return new Counts(cells[3], cells[2], cells[1], cells[0], McNemar.of(cells[2], cells[1]));
    }

    private static boolean isMark(double value) {
        return value == 0 || value == 1;
    }
}
