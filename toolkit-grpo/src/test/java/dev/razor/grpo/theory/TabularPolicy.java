package dev.razor.grpo.theory;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A softmax with one logit an answer, all of which have some probability.
///
/// @param logits `[Y]` up to a common constant
record TabularPolicy(double[] logits) {

    /// The policy with these probabilities, none of which is zero.
    static TabularPolicy of(double... probabilities) {
        return new TabularPolicy(Arrays.stream(probabilities).map(Math::log).toArray());
    }

    /// `[Y]`.
    double[] probabilities() {
        double most = Arrays.stream(logits).max().orElseThrow();
        double[] values =
                Arrays.stream(logits).map(logit -> Math.exp(logit - most)).toArray();
        double sum = Arrays.stream(values).sum();
        return Arrays.stream(values).map(value -> value / sum).toArray();
    }

    /// The policy after a step of `rate` along `direction`, `[Y]`.
    TabularPolicy plus(double rate, double[] direction) {
        return new TabularPolicy(IntStream.range(0, logits.length)
                .mapToDouble(y -> logits[y] + rate * direction[y])
                .toArray());
    }

    /// `p(y | right) = p(y) / p(right)` for right answers, else zero: the nearest distribution to `p` that is
    /// always right.
    static double[] restricted(double[] p, boolean[] right) {
        double mass = mass(p, right);
        return IntStream.range(0, p.length)
                .mapToDouble(y -> right[y] ? p[y] / mass : 0)
                .toArray();
    }

    /// The probability of the right answers.
    static double mass(double[] p, boolean[] right) {
        return IntStream.range(0, p.length)
                .filter(y -> right[y])
                .mapToDouble(y -> p[y])
                .sum();
    }

    /// `KL(q || p)`, with `0 log 0 = 0`.
    static double kl(double[] q, double[] p) {
        return IntStream.range(0, q.length)
                .filter(y -> q[y] > 0)
                .mapToDouble(y -> q[y] * Math.log(q[y] / p[y]))
                .sum();
    }

    /// Half the sum of the differences.
    static double totalVariation(double[] a, double[] b) {
        return IntStream.range(0, a.length)
                        .mapToDouble(y -> Math.abs(a[y] - b[y]))
                        .sum()
                / 2;
    }
}
