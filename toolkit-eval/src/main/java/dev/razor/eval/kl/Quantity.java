package dev.razor.eval.kl;

import dev.razor.core.base.Check;
import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One kind of divergence over many sequences, with `d_s` its sum over the `T_s` positions of sequence `s`:
///
/// ```
/// per sequence = sum_s d_s / S
/// per token    = sum_s d_s / sum_s T_s
/// ```
///
/// The intervals resample prompts, with all sequences of a prompt staying together; numerator and denominator are
/// resampled alike. One prompt alone gives no interval.
public record Quantity(Estimate perSequence, Estimate perToken) {

    /// A mean and its 95 % interval, undefined for a single prompt.
    public record Estimate(double mean, Interval ci95) {}

    /// The quantity that `value` takes of each of `sequences`.
    ///
    /// @param seed of the resampling; with the same one, quantities of the same sequences are resampled alike
    public static Quantity of(
            List<SequenceDivergence> sequences, ToDoubleFunction<SequenceDivergence> value, long seed) {
        Check.that(!sequences.isEmpty(), "there must be at least one sequence");
        int prompts = 1
                + sequences.stream()
                        .mapToInt(one -> one.sequence().prompt())
                        .max()
                        .orElseThrow();
        double[] sums = new double[prompts];
        double[] counts = new double[prompts];
        double[] tokens = new double[prompts];
        for (SequenceDivergence one : sequences) {
            int prompt = one.sequence().prompt();
            sums[prompt] += value.applyAsDouble(one);
            counts[prompt]++;
            tokens[prompt] += one.tokens();
        }
        return new Quantity(ratio(sums, counts, seed), ratio(sums, tokens, seed));
    }

    private static Estimate ratio(double[] numerators, double[] denominators, long seed) {
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < numerators.length; i++) {
            numerator += numerators[i];
            denominator += denominators[i];
        }
        Interval interval = numerators.length == 1
                ? Interval.UNDEFINED
                : Bootstrap.interval(numerators.length, seed, chosen -> {
                    double top = 0;
                    double bottom = 0;
                    for (int i : chosen) {
                        top += numerators[i];
                        bottom += denominators[i];
                    }
                    return top / bottom;
                });
        return new Estimate(numerator / denominator, interval);
    }
}
