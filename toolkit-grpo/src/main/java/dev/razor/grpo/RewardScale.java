package dev.razor.grpo;

/// What a completion's centred reward is divided by.
public enum RewardScale {
    /// The standard deviation of its group.
    GROUP,
    /// The standard deviation of all rewards of the batch.
    BATCH,
    /// One, as Dr. GRPO has it.
    NONE
}
