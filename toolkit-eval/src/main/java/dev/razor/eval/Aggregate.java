package dev.razor.eval;

import dev.razor.core.base.Check;
import java.util.List;
import java.util.OptionalDouble;

/// A mean over documents and how well it is known.
///
/// ```
/// mean           = sum_i x_i / n
/// standard error = sqrt(sum_i (x_i - mean)^2 / (n - 1)) / sqrt(n)
/// ```
///
/// @param metric the name in result files
/// @param standardError absent for a single document
/// @param count the number of documents
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/api/metrics.py">
///     `mean_stderr`, `pooled_sample_stderr`</a>
public record Aggregate(String metric, double mean, OptionalDouble standardError, int count) {

    /// The aggregate of one value a document.
    public static Aggregate of(String metric, List<Double> values) {
        Check.that(!values.isEmpty(), "%s: no values to average", metric);
        int n = values.size();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / n;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        OptionalDouble error =
                n == 1 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (n - 1)) / Math.sqrt(n));
        return new Aggregate(metric, mean, error, n);
    }

    /// The aggregate of a group of tasks, in which each document counts the same.
    ///
    /// ```
    /// mean           = sum_k n_k mean_k / sum_k n_k
    /// variance       = sum_k (n_k - 1) n_k error_k^2 / (sum_k n_k - K)
    /// standard error = sqrt(variance / sum_k n_k)
    /// ```
    public static Aggregate pooled(String metric, List<Aggregate> tasks) {
        Check.that(!tasks.isEmpty(), "%s: no tasks to pool", metric);
        int count = 0;
        double sum = 0;
        double squares = 0;
        boolean known = true;
        for (Aggregate task : tasks) {
            double n = task.count();
            count += task.count();
            sum += task.mean() * n;
            known &= task.standardError().isPresent();
            double error = task.standardError().orElse(0);
            squares += (n - 1) * error * error * n;
        }
        OptionalDouble error =
                known ? OptionalDouble.of(Math.sqrt(squares / (count - tasks.size()) / count)) : OptionalDouble.empty();
        return new Aggregate(metric, sum / count, error, count);
    }
}
