package dev.razor.core.optim;

import dev.razor.core.base.Check;

/// The learning rate of each step, as transformers' schedulers give it, with `s` counted from zero, `w` warm-up
/// steps and `n` steps in all:
///
/// ```
/// s < w                  peak s / w                              every type but constant; at the first step 0
/// progress             = (s - w) / max(1, n - w)
/// constant               peak
/// constant_with_warmup   peak
/// linear                 peak (1 - progress)
/// cosine                 peak (1 + cos(pi progress)) / 2
/// cosine_with_min_lr     peak (min + (1 - min) (1 + cos(pi progress)) / 2)
/// ```
///
/// @param peak the configured learning rate
/// @param minimumShare the share of `peak` that `cosine_with_min_lr` ends at
public record LearningRateSchedule(
        SchedulerType type, double peak, int warmupSteps, int totalSteps, double minimumShare) {

    public LearningRateSchedule {
        Check.that(peak >= 0 && Double.isFinite(peak), "learning_rate must be a number of at least 0, got %s", peak);
        Check.that(warmupSteps >= 0, "warmup_steps must not be negative, got %d", warmupSteps);
        Check.that(totalSteps > 0, "a schedule needs at least one step, got %d", totalSteps);
        Check.that(0 <= minimumShare && minimumShare <= 1, "the minimum share must be in [0, 1], got %s", minimumShare);
    }

    /// The learning rate of step `step`, the first of which is 0.
    public double at(int step) {
        if (type != SchedulerType.CONSTANT && step < warmupSteps) {
            return peak * step / warmupSteps;
        }
        double progress = Math.min(1, (step - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps));
        double cosine = (1 + Math.cos(Math.PI * progress)) / 2;
        return switch (type) {
            case CONSTANT, CONSTANT_WITH_WARMUP -> peak;
            case LINEAR -> peak * (1 - progress);
            case COSINE -> peak * cosine;
            case COSINE_WITH_MIN_LR -> peak * (minimumShare + (1 - minimumShare) * cosine);
        };
    }
}
