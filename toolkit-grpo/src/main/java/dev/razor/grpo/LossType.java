package dev.razor.grpo;

/// How the per-token terms of a GRPO loss are averaged; the formulas are in [GrpoLoss].
public enum LossType {
    /// Each completion's mean over its tokens, then the mean over completions (Shao et al. 2024).
    GRPO,
    /// The mean over the tokens of the micro-batch.
    BNPO,
    /// The sum divided by completions times the length limit, a constant (Liu et al. 2025).
    DR_GRPO,
    /// The mean over the tokens of the whole optimiser step (Yu et al. 2025).
    DAPO
}
