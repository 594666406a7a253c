package dev.razor.eval.drift;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.Arrays;

/// The Fisher-weighted change of a model's weights, with its 95 % interval over prompts.
///
/// @param mean `sum_i F_i d_i^2`
/// @param ci95 not defined for a single prompt
/// @param prompts what the samples were drawn after
/// @param samples gradients that `F` is the mean of
/// @param truncated samples that ran into the length limit
public record FisherChange(double mean, Interval ci95, int prompts, int samples, int truncated) {

    /// @param values `sum_i g_i^2 d_i^2` of each sample
    /// @param promptOf each sample's prompt; samples of one prompt are resampled together
    static FisherChange of(double[] values, int[] promptOf, int truncated, long seed) {
        int prompts = Arrays.stream(promptOf).max().orElseThrow() + 1;
        double[] sums = new double[prompts];
        double[] counts = new double[prompts];
        for (int i = 0; i < values.length; i++) {
            sums[promptOf[i]] += values[i];
            counts[promptOf[i]]++;
        }
        Interval interval = prompts == 1
                ? Interval.UNDEFINED
                : Bootstrap.interval(prompts, seed, chosen -> {
                    double sum = 0;
                    double count = 0;
                    for (int prompt : chosen) {
                        sum += sums[prompt];
                        count += counts[prompt];
                    }
                    return sum / count;
                });
        double mean = Arrays.stream(values).average().orElseThrow();
        return new FisherChange(mean, interval, prompts, values.length, truncated);
    }
}
