package dev.razor.cli.verify;

import dev.razor.core.base.DataException;

/// How far computed numbers lie from the golden ones: the largest deviations, and where they stand.
final class Deviation {

    private final Largest absolute = new Largest();
    private final Largest relative = new Largest();
    private final Largest perToken = new Largest();
    private double sum;
    private long tokens;
    private int count;

    /// Compares one number.
    void add(String where, double actual, double expected) {
        add(where, actual, expected, 1);
    }

    /// Compares a number that is a sum over `tokens` tokens.
    void add(String where, double actual, double expected, int tokens) {
        double error = distance(actual, expected);
        count++;
        absolute.offer(error, where);
        relative.offer(error == 0 ? 0 : error / Math.abs(expected), where);
        perToken.offer(error / Math.max(1, tokens), where);
        sum += actual - expected;
        this.tokens += tokens;
    }

    /// Compares numbers one by one.
    void addAll(String where, double[] actual, double[] expected) {
        requireEqualLength(where, actual.length, expected.length);
        for (int i = 0; i < actual.length; i++) {
            add("%s[%d]".formatted(where, i), actual[i], expected[i]);
        }
    }

    void addAll(String where, float[] actual, double[] expected) {
        addAll(where, widened(actual), expected);
    }

    static void requireEqualLength(String where, int actual, int expected) {
        if (actual != expected) {
            throw new DataException("%s: holds %d numbers where Razor computes %d; restore the file"
                    .formatted(where, expected, actual));
        }
    }

    static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /// The absolute difference; infinite where one of the two is no number.
    static double distance(double actual, double expected) {
        double error = actual == expected ? 0 : Math.abs(actual - expected);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    int count() {
        return count;
    }

    /// How many tokens were compared or summed over.
    long tokens() {
        return tokens;
    }

    /// The largest absolute deviation.
    Largest absolute() {
        return absolute;
    }

    /// The largest deviation relative to the golden number.
    Largest relative() {
        return relative;
    }

    /// The largest deviation divided by the number of tokens summed over.
    Largest perToken() {
        return perToken;
    }

    /// The mean deviation a token, in which errors of either sign cancel and a bias does not.
    double mean() {
        return distance(sum / Math.max(1, tokens), 0);
    }
}
