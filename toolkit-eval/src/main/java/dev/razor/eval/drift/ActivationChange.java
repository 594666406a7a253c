package dev.razor.eval.drift;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.Arrays;
import java.util.List;

/// How far the residual stream of a model lies from its base's, `d` the difference at one token behind one layer:
///
/// ```
/// l1 of a text   mean over tokens of mean over features of |d|
/// l2 of a text   mean over tokens of sqrt(mean over features of d^2)
/// ```
///
/// @param layers of each layer, the mean over texts
/// @param l1 the mean over layers, the final norm not counted, then over texts
/// @param l2 the same
/// @param texts how many
public record ActivationChange(List<Layer> layers, Estimate l1, Estimate l2, int texts) {

    /// The mean over texts at one layer.
    ///
    /// @param name `layers.N`, or `norm` for the final hidden states
    public record Layer(String name, double l1, double l2) {}

    /// A mean over texts and its 95 % interval, undefined for a single text.
    public record Estimate(double mean, Interval ci95) {

        static Estimate of(double[] values, long seed) {
            Interval interval = values.length == 1
                    ? Interval.UNDEFINED
                    : Bootstrap.interval(
                            values.length,
                            seed,
                            chosen -> Arrays.stream(chosen)
                                    .mapToDouble(i -> values[i])
                                    .average()
                                    .orElseThrow());
            return new Estimate(Arrays.stream(values).average().orElseThrow(), interval);
        }
    }

    public ActivationChange {
        layers = List.copyOf(layers);
    }
}
