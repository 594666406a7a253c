package dev.razor.core.optim;

/// transformers' names of the learning rate's course; the formulas are in [LearningRateSchedule].
public enum SchedulerType {
    CONSTANT,
    CONSTANT_WITH_WARMUP,
    LINEAR,
    COSINE,
    COSINE_WITH_MIN_LR
}
