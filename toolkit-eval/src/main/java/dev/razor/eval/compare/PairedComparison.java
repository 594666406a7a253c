package dev.razor.eval.compare;

import dev.razor.core.base.Check;
import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One metric of two models on the same items.
///
/// ```
/// difference = sum_i sum_j (b_ij - a_ij) / sum_i n_i           item i has n_i values, one for most metrics
/// ci95       = percentiles of that over resamples of the items      both models' values of an item together
/// ```
///
/// Metrics of IFEval's instructions have a value an instruction, and all of them count the same; as
/// instructions of one prompt are answered together, it is prompts that are drawn.
///
/// @param task its name
/// @param metric its name
/// @param items how many both answered
/// @param values how many values each model has; more than items where these have parts
/// @param otherPrompts items that the two were asked in other words, such as with other examples
/// @param a mean of the first model
/// @param b mean of the second
/// @param difference `b - a`
/// @param ci95 its interval
/// @param counts of right answers, where every item has one value and that is 0 or 1
public record PairedComparison(
        String task,
        String metric,
        int items,
        int values,
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
    /// @param a the values of each item
    /// @param b as many
    /// @param seed of the resamples
    static PairedComparison of(
            String task, String metric, List<List<Double>> a, List<List<Double>> b, int otherPrompts, long seed) {
        int n = a.size();
        Check.that(n > 0 && n == b.size(), "%d values for %d", b.size(), n);
        double[] differences = new double[n];
        int[] sizes = new int[n];
        int values = 0;
        double sumA = 0;
        double sumB = 0;
        for (int i = 0; i < n; i++) {
            sizes[i] = a.get(i).size();
            Check.that(sizes[i] == b.get(i).size(), "%s: item %d has %d values for %d", metric, i, sizes[i], b.size());
            double inA = sum(a.get(i));
            double inB = sum(b.get(i));
            differences[i] = inB - inA;
            values += sizes[i];
            sumA += inA;
            sumB += inB;
        }
        Interval interval = Bootstrap.interval(n, seed, indices -> {
            double sum = 0;
            int drawn = 0;
            for (int index : indices) {
                sum += differences[index];
                drawn += sizes[index];
            }
            return sum / drawn;
        });
        return new PairedComparison(
                task,
                metric,
                n,
                values,
                otherPrompts,
                sumA / values,
                sumB / values,
                (sumB - sumA) / values,
                interval,
                values == n ? counts(a, b) : null);
    }

    private static double sum(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static @Nullable Counts counts(List<List<Double>> a, List<List<Double>> b) {
        int[] cells = new int[4]; // 2 a + b
        for (int i = 0; i < a.size(); i++) {
            double ofA = a.get(i).getFirst();
            double ofB = b.get(i).getFirst();
            if (!isMark(ofA) || !isMark(ofB)) {
                return null;
            }
            cells[2 * (int) ofA + (int) ofB]++;
        }
        return new Counts(cells[3], cells[2], cells[1], cells[0], McNemar.of(cells[2], cells[1]));
    }

    private static boolean isMark(double value) {
        return value == 0 || value == 1;
    }
}
