package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.train.KlBudget;
import dev.razor.core.train.LoraArguments;
import dev.razor.core.train.SampleTable;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that decides the outcome of a GRPO run. Keys and defaults are TRL's where TRL has them.
public record GrpoConfig(
        @Key("the model to train: a Hugging Face directory") Path model,

        @Key("records of {\"prompt\" | \"prompt_ids\" | \"messages\"} with what the reward needs: JSONL, JSON, Parquet")
        Path data,

        @Key("where the run is written; must be new or empty")
        Path output,

        @Inline RewardArguments rewards,
        @Inline RolloutArguments rollout,
        @Inline AdvantageArguments advantage,
        @Inline LossArguments loss,

        @Key(value = "completions in a table of completions.jsonl; 0 writes none", fallback = "8")
        int logCompletions,

        @Key(value = "steps between two such tables", fallback = "10")
        int completionsSteps,

        @Key(value = "steps between two looks at kl_prompts; null: save_steps", fallback = "null") @Nullable
        Integer evalSteps,

        @Inline KlBudget klBudget,
        @Inline SampleTable samples,
        @Inline LoraArguments lora,
        @Inline TrainingArguments training) {

    public GrpoConfig {
        Check.that(
                rollout.numGenerations() >= 2 || advantage.advantage() == AdvantageArguments.Kind.ONE_ZERO,
                "num_generations must be at least 2, got %d: no completion would have another to be compared with; advantage: one_zero needs none",
                rollout.numGenerations());
        Check.that(
                advantage.overlongBuffer() <= rollout.maxCompletionLength(),
                "overlong_buffer (%d) must not be more than max_completion_length (%d)",
                advantage.overlongBuffer(),
                rollout.maxCompletionLength());
        Check.that(
                advantage.advantage() == AdvantageArguments.Kind.GROUP || !loss.klInReward(),
                "kl_in: reward makes rewards negative, which advantage: one_zero has no use for; use kl_in: loss");
        Check.that(
                !(loss.klInReward() && loss.exactKl()) || advantage.scaleRewards() == RewardScale.NONE,
                "kl_in: reward with kl_estimator: exact is half reward, half loss, which only scale_rewards: none keeps in proportion");
        Check.that(
                !loss.klInReward() || rollout.dynamicSampling() == RolloutArguments.DynamicSampling.NONE,
                "kl_in: reward gives every group an advantage, so dynamic_sampling must be none, got %s; or use kl_in: loss",
                rollout.dynamicSampling().name().toLowerCase(Locale.ROOT));
        Check.that(logCompletions >= 0, "log_completions must be at least 0, got %d", logCompletions);
        Check.that(completionsSteps > 0, "completions_steps must be positive, got %d", completionsSteps);
        Check.that(evalSteps == null || evalSteps > 0, "eval_steps must be positive, got %s", evalSteps);
        int stepSize = training.perDeviceTrainBatchSize() * training.gradientAccumulationSteps();
        int size = Objects.requireNonNullElse(rollout.generationBatchSize(), stepSize);
        Check.that(
                size > 0 && size % rollout.numGenerations() == 0,
                "generation_batch_size (%d; by default per_device_train_batch_size x gradient_accumulation_steps) must be a multiple of num_generations (%d)",
                size,
                rollout.numGenerations());
        Check.that(
                size % stepSize == 0,
                "generation_batch_size (%d) must be a multiple of per_device_train_batch_size x gradient_accumulation_steps (%d)",
                size,
                stepSize);
        var _ = loss.loss(rollout.maxCompletionLength());
    }

    /// Completions an optimiser step.
    public int stepSize() {
        return training.perDeviceTrainBatchSize() * training.gradientAccumulationSteps();
    }

    /// Completions a rollout.
    public int rolloutSize() {
        return Objects.requireNonNullElse(rollout.generationBatchSize(), stepSize());
    }

    /// Completions decoded together.
    public int rolloutBatchSize() {
        return Math.min(rolloutSize(), Objects.requireNonNullElse(rollout.rolloutBatchSize(), rolloutSize()));
    }

    /// Prompts a rollout.
    public int promptsPerRollout() {
        return rolloutSize() / rollout.numGenerations();
    }

    /// Optimiser steps a rollout, all passes counted.
    public int stepsPerRollout() {
        return rolloutSize() / stepSize() * loss.numIterations();
    }

    /// Whether the base has to be in memory.
    public boolean needsBase() {
        return loss.beta() > 0 || klBudget.klPrompts() != null;
    }
}
