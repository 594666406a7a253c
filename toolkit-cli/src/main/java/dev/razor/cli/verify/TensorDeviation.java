package dev.razor.cli.verify;

import java.util.Map;

/// How far whole tensors lie from the golden ones.
final class TensorDeviation {

    private final Largest relativeToLargest = new Largest();
    private final Largest oneMinusCosine = new Largest();

    /// Compares a tensor.
    void add(String name, float[] actual, float[] expected) {
        Deviation.requireEqualLength(name, actual.length, expected.length);
        double error = 0;
        double largest = 0;
        double product = 0;
        double actualSquare = 0;
        double expectedSquare = 0;
        for (int i = 0; i < actual.length; i++) {
            error = Math.max(
                    error, Deviation.distance(actual[i], expected[i])); // Math.max keeps NaN, distance has none
            largest = Math.max(largest, Math.abs(expected[i]));
            product += (double) actual[i] * expected[i];
            actualSquare += (double) actual[i] * actual[i];
            expectedSquare += (double) expected[i] * expected[i];
        }
        relativeToLargest.offer(error == 0 ? 0 : error / largest, name);
        boolean bothZero = actualSquare == 0 && expectedSquare == 0;
        oneMinusCosine.offer(bothZero ? 0 : 1 - product / Math.sqrt(actualSquare) / Math.sqrt(expectedSquare), name);
    }

    /// Compares all tensors; `expected` has one for each name.
    void addAll(String where, Map<String, float[]> actual, GoldenTensors expected) {
        expected.requireNames(actual.keySet());
        actual.forEach((name, values) -> add(where + name, values, expected.floats(name)));
    }

    /// The largest deviation of an entry, relative to the largest entry of its golden tensor.
    Largest relativeToLargest() {
        return relativeToLargest;
    }

    /// One minus the cosine between a tensor and its golden one.
    Largest oneMinusCosine() {
        return oneMinusCosine;
    }
}
