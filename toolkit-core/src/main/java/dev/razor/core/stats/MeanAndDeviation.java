package dev.razor.core.stats;

import java.util.Arrays;

/// The mean of some numbers, and how far one of them lies from it:
///
/// ```
/// mean      = sum x_i / n
/// deviation = sqrt(sum (x_i - mean)^2 / (n - 1))
/// ```
///
/// @param mean NaN of no numbers
/// @param deviation the sample's standard deviation; NaN of fewer than two
public record MeanAndDeviation(double mean, double deviation) {

    /// Of `values`, in their unit.
    public static MeanAndDeviation of(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new MeanAndDeviation(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
    }
}
