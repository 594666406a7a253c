package dev.razor.grpo;

/// Whose probability ratio weighs and clips a completion; the formulas are in [GrpoLoss].
public enum ImportanceSamplingLevel {
    /// Each token's own (GRPO).
    TOKEN,
    /// The geometric mean of the completion's tokens (GSPO, Zheng et al. 2025).
    SEQUENCE
}
