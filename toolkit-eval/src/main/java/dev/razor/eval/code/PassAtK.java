package dev.razor.eval.code;

import dev.razor.core.base.Check;

/// The probability that of k completions drawn from n at least one is among the c that passed.
///
/// ```
/// pass@k = 1 - C(n - c, k) / C(n, k) = 1 - prod_{i = n-c+1..n} (1 - k / i);   1 where n - c < k
/// ```
///
/// @see <a href="https://arxiv.org/abs/2107.03374">Evaluating Large Language Models Trained on Code</a>
public final class PassAtK {

    private PassAtK() {}

    /// pass@k of one task.
    ///
    /// @param n completions of the task
    /// @param c how many of them passed
    /// @param k how many may be tried, at most n
    public static double of(int n, int c, int k) {
        Check.that(
                0 <= c && c <= n && 1 <= k && k <= n, "pass@k needs 0 <= c <= n and 1 <= k <= n: %s, %s, %s", n, c, k);
        if (n - c < k) {
            return 1;
        }
        double none = 1;
        for (int i = n - c + 1; i <= n; i++) {
            none *= 1 - (double) k / i;
        }
        return 1 - none;
    }
}
