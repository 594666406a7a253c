package dev.razor.core.train;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.data.StepPlan;
import dev.razor.core.optim.AdamW;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.tensor.Dtype;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The keys that all trainers have, under transformers' names and with transformers' defaults, except that
/// every step is logged.
public record TrainingArguments(
        @Key("highest learning rate") double learningRate,

        @Key(value = "course of the learning rate", fallback = "linear")
        SchedulerType lrSchedulerType,

        @Key(value = "share of the highest rate that cosine_with_min_lr ends at", fallback = "0.1")
        double minLrRate,

        @Key(value = "steps over which the rate rises from zero", fallback = "0")
        int warmupSteps,

        @Key(value = "passes over the data", fallback = "3.0")
        double numTrainEpochs,

        @Key(value = "optimiser steps; -1 leaves it to num_train_epochs", fallback = "-1")
        int maxSteps,

        @Key(value = "sequences a forward pass (GRPO: completions, SimPO: pairs)", fallback = "8")
        int perDeviceTrainBatchSize,

        @Key(value = "forward passes an optimiser step", fallback = "1")
        int gradientAccumulationSteps,

        @Key(value = "decoupled weight decay, on matrices only", fallback = "0.0")
        double weightDecay,

        @Key(value = "decay of the first moment", fallback = "0.9")
        double adamBeta1,

        @Key(value = "decay of the second moment", fallback = "0.999")
        double adamBeta2,

        @Key(value = "added to the root of the second moment", fallback = "1e-8")
        double adamEpsilon,

        @Key(value = "gradients are scaled down to this global norm; 0 never", fallback = "1.0")
        double maxGradNorm,

        @Key(value = "steps between two lines of metrics.jsonl", fallback = "1")
        int loggingSteps,

        @Key(value = "steps between two checkpoints; 0 keeps the final model only", fallback = "500")
        int saveSteps,

        @Key(value = "checkpoints kept, the newest ones; null keeps all", fallback = "null") @Nullable
        Integer saveTotalLimit,

        @Key(
                value = "compute each layer's activations again in the backward pass instead of keeping them",
                fallback = "false")
        boolean gradientCheckpointing,

        @Key(value = "type of AdamW's moments: float32 | bfloat16", fallback = "float32")
        String optimizerStateDtype,

        @Key(
                value = "largest weight file of an export, such as 5GB; null: the shards of the base, or 5GB",
                fallback = "null")
        @Nullable
        String maxShardSize,

        @Key(value = "none | tensorboard (event files in OUTPUT/tensorboard)", fallback = "none")
        String reportTo,

        @Key(value = "names all random numbers of the run", fallback = "42")
        long seed,

        @Key(value = "cpu | cuda | cuda:N | auto", fallback = "auto")
        String device,

        @Key(value = "float32 | bfloat16 | auto (as stored)", fallback = "auto")
        String dtype) {

    public TrainingArguments {
        Check.that(
                learningRate > 0 && Double.isFinite(learningRate),
                "learning_rate must be a positive number, got %s",
                learningRate);
        Check.that(0 <= minLrRate && minLrRate <= 1, "min_lr_rate must be in [0, 1], got %s", minLrRate);
        Check.that(warmupSteps >= 0, "warmup_steps must not be negative, got %d", warmupSteps);
        Check.that(
                maxSteps > 0 || (maxSteps == -1 && numTrainEpochs > 0 && Double.isFinite(numTrainEpochs)),
                "max_steps must be positive, or -1 with a positive num_train_epochs, got max_steps %d and num_train_epochs %s",
                maxSteps,
                numTrainEpochs);
        Check.that(
                perDeviceTrainBatchSize > 0,
                "per_device_train_batch_size must be positive, got %d",
                perDeviceTrainBatchSize);
        Check.that(
                gradientAccumulationSteps > 0,
                "gradient_accumulation_steps must be positive, got %d",
                gradientAccumulationSteps);
        Check.that(maxGradNorm >= 0, "max_grad_norm must not be negative, got %s", maxGradNorm);
        Check.that(loggingSteps > 0, "logging_steps must be positive, got %d", loggingSteps);
        Check.that(saveSteps >= 0, "save_steps must not be negative, got %d", saveSteps);
        Check.that(
                saveTotalLimit == null || saveTotalLimit > 0,
                "save_total_limit must be positive, got %s",
                saveTotalLimit);
        Check.that(
                device.matches("cpu|auto|cuda(:\\d{1,4})?"),
                "device must be cpu, cuda, cuda:N or auto, got %s",
                device);
        Check.that(dtype.matches("float32|bfloat16|auto"), "dtype must be float32, bfloat16 or auto, got %s", dtype);
        Check.that(
                optimizerStateDtype.matches("float32|bfloat16"),
                "optimizer_state_dtype must be float32 or bfloat16, got %s",
                optimizerStateDtype);
        Check.that(reportTo.matches("none|tensorboard"), "report_to must be none or tensorboard, got %s", reportTo);
        var _ = maxShardSize == null ? 0 : ShardSize.parse(maxShardSize);
        var _ = new AdamW.Settings(adamBeta1, adamBeta2, adamEpsilon, weightDecay);
    }

    public AdamW.Settings optimizer() {
        Dtype moments = optimizerStateDtype.equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32;
        return new AdamW.Settings(adamBeta1, adamBeta2, adamEpsilon, weightDecay, moments, seed);
    }

    /// The largest weight file of an export, in bytes; empty where the shards of the base are kept.
    public OptionalLong maxShardBytes() {
        return maxShardSize == null ? OptionalLong.empty() : OptionalLong.of(ShardSize.parse(maxShardSize));
    }

    /// The learning rate's course over a run of `totalSteps`.
    public LearningRateSchedule schedule(int totalSteps) {
        return new LearningRateSchedule(lrSchedulerType, learningRate, warmupSteps, totalSteps, minLrRate);
    }

    /// The order in which `examples` are trained on.
    public StepPlan plan(int examples) {
        return new StepPlan(examples, perDeviceTrainBatchSize, gradientAccumulationSteps, seed);
    }
}
