package dev.razor.cli.verify;

/// What `razor verify --dtype bfloat16` allows. The golden numbers are exact ones, so these bounds say how far a
/// computation in bfloat16 (8 bits of mantissa) may stray from the truth.
///
/// | numbers | bound |
/// |---|---|
/// | log-probabilities, sums of them, KL, entropy, total variation, L2 | 0.15 nats a token, 0.02 in the mean |
/// | losses | 2 % |
/// | gradients | direction of each tensor: cosine 0.98 |
/// | gradient norms, of each tensor and of all | 5 % |
///
/// A sum over tokens is judged by its deviation divided by the number of tokens; a mean is the mean of absolute
/// deviations. A GRPO loss is a small difference of large terms, so its 2 % are of the sum of its terms' absolute
/// values; and since rounding can carry a ratio over a clip edge, its gradient is that of the golden log-probabilities.
/// What no model computes (advantages, learning rates, token ids, rendered texts) stays exact. What a small change
/// can turn over (greedy choices, accuracies, clip ratios) and the parameters after AdamW steps, whose changes are
/// smaller than a step of bfloat16, are only reported.
final class Bfloat16Bounds {

    /// Nats a token.
    static final double LOG_PROB = 0.15;

    /// Nats a token, in the mean over the tokens of a check.
    static final double LOG_PROB_MEAN = 0.02;

    /// Relative.
    static final double LOSS = 0.02;

    /// One minus the cosine between a tensor's gradient and the golden one.
    static final double ONE_MINUS_COSINE = 1 - 0.98;

    /// Relative.
    static final double GRADIENT_NORM = 0.05;

    private Bfloat16Bounds() {}
}
