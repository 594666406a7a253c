package dev.razor.eval.compare;

import dev.razor.core.base.Check;

/// McNemar's test of whether two models are right equally often, from the items on which one of them alone is
/// right:
///
/// ```
/// n         = onlyA + onlyB,   k = min(onlyA, onlyB)
/// exact     = min(1, 2 sum_{i <= k} C(n, i) / 2^n)                    the binomial test of onlyA against n / 2
/// midP      = 2 sum_{i < k} C(n, i) / 2^n + C(n, k) / 2^n
/// chiSquare = (onlyA - onlyB)^2 / n                                   0 where n is 0
/// ```
///
/// The exact test holds its level and is careful; mid-p is close to the level on average.
///
/// @param exact the two-sided exact p-value
/// @param midP the mid-p value
/// @param chiSquare the statistic of the asymptotic test, one degree of freedom, without continuity correction
/// @see <a href="https://doi.org/10.1186/1471-2288-13-91">Fagerland, Lydersen and Laake 2013</a>
public record McNemar(double exact, double midP, double chiSquare) {

    /// The test of two counts.
    public static McNemar of(int onlyA, int onlyB) {
        Check.that(onlyA >= 0 && onlyB >= 0, "counts must not be negative, got %d and %d", onlyA, onlyB);
        int n = onlyA + onlyB;
        if (n == 0) {
            return new McNemar(1, 1, 0);
        }
        int k = Math.min(onlyA, onlyB);
        double logTerm = -n * Math.log(2); // of C(n, i) / 2^n
        double below = 0;
        for (int i = 0; i < k; i++) {
            below += Math.exp(logTerm);
            logTerm += Math.log((double) (n - i) / (i + 1));
        }
        double at = Math.exp(logTerm);
        double difference = onlyA - onlyB;
        return new McNemar(Math.min(1, 2 * (below + at)), Math.min(1, 2 * below + at), difference * difference / n);
    }
}
