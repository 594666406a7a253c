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
/// A sum over tokens is judged by its deviation divided by the number of tokens. At a temperature the two
/// bounds on log-probabilities are divided by it, as the logits are. The mean is that of signed deviations, in
/// which rounding cancels and a bias does not; below 100 tokens it says too little and is not judged.
///
/// A GRPO loss is a small difference of large terms, often zero, so its 2 % are of the sum of its absolute
/// derivatives by the tokens' log-probabilities: the deviation that 0.02 nats a token would make. Its gradient
/// is taken with the derivatives at the golden log-probabilities, because the golden `old` ones are exact:
/// their rounding does not cancel in the ratio as it does in training, and carries it over clip edges.
///
/// What no model computes (advantages, learning rates, token ids, rendered texts) stays exact. What a small
/// change can turn over (greedy choices, accuracies, clip ratios) and the parameters after AdamW steps, whose
/// changes are smaller than a step of bfloat16, are only reported.
final class Bfloat16Bounds {

    /// Nats a token.
    static final double LOG_PROB = 0.15;

    /// Nats a token, in the mean over the tokens of a check.
    static final double LOG_PROB_MEAN = 0.02;

    /// Tokens from which on that mean is judged.
    static final int MEAN_TOKENS = 100;

    /// Relative.
    static final double LOSS = 0.02;

    /// One minus the cosine between a tensor's gradient and the golden one.
    static final double ONE_MINUS_COSINE = 1 - 0.98;

    /// Relative.
    static final double GRADIENT_NORM = 0.05;

    private Bfloat16Bounds() {}
}
