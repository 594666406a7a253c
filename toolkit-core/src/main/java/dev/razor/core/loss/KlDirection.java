package dev.razor.core.loss;

/// Which of two models the expectation of a KL divergence is taken under.
public enum KlDirection {
    /// KL(base || model): covers all that the base may say.
    FORWARD,
    /// KL(model || base): forbids what the base would not say.
    REVERSE
}
