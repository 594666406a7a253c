package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.train.LoraArguments;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that decides the outcome of a GRPO run. Keys and defaults are TRL's where TRL has them.
public record GrpoConfig(
        @Key("the model to train: a Hugging Face directory") Path model,

        @Key("JSONL of {\"prompt\" | \"prompt_ids\" | \"messages\"} records with what the reward needs")
        Path data,

        @Key("where the run is written; must be new or empty")
        Path output,

        @Inline RewardArguments rewards,
        @Key(value = "completions a prompt", fallback = "8") int numGenerations,

        @Key(
                value = "completions a rollout, a multiple of num_generations; null: those of one optimiser step",
                fallback = "null")
        @Nullable
        Integer generationBatchSize,

        @Key(value = "tokens a completion may have, its end token included", fallback = "512")
        int maxCompletionLength,

        @Key(value = "what logits are divided by, in rollouts and in the loss", fallback = "1.0")
        double temperature,

        @Key(value = "mass of the most probable tokens sampled from", fallback = "1.0")
        double topP,

        @Key(value = "number of most probable tokens sampled from; 0 all", fallback = "0")
        int topK,

        @Key(value = "weight of the k3 KL to the base; 0 does not load it", fallback = "0.0")
        double beta,

        @Key(value = "optimisation passes over a rollout", fallback = "1")
        int numIterations,

        @Key(value = "how far below one the ratio may fall", fallback = "0.2")
        double epsilon,

        @Key(value = "how far above one the ratio may rise; null: as epsilon", fallback = "null") @Nullable
        Double epsilonHigh,

        @Key(value = "how token terms are averaged", fallback = "dapo")
        LossType lossType,

        @Key(value = "what centred rewards are divided by", fallback = "group")
        RewardScale scaleRewards,

        @Key(value = "leave completions that hit the length limit out of the loss", fallback = "false")
        boolean maskTruncatedCompletions,

        @Inline LoraArguments lora,
        @Inline TrainingArguments training) {

    public GrpoConfig {
        Check.that(numGenerations >= 2, "num_generations must be at least 2, got %d", numGenerations);
        Check.that(temperature > 0, "temperature must be positive, got %s", temperature);
        Check.that(0 < topP && topP <= 1, "top_p must be in (0, 1], got %s", topP);
        Check.that(topK >= 0, "top_k must be at least 0, got %d", topK);
        Check.that(numIterations > 0, "num_iterations must be positive, got %d", numIterations);
        int stepSize = training.perDeviceTrainBatchSize() * training.gradientAccumulationSteps();
        int rollout = Objects.requireNonNullElse(generationBatchSize, stepSize);
        Check.that(
                rollout > 0 && rollout % numGenerations == 0,
                "generation_batch_size (%d; by default per_device_train_batch_size x gradient_accumulation_steps) must be a multiple of num_generations (%d)",
                rollout,
                numGenerations);
        Check.that(
                rollout % stepSize == 0,
                "generation_batch_size (%d) must be a multiple of per_device_train_batch_size x gradient_accumulation_steps (%d)",
                rollout,
                stepSize);
        var _ = new GrpoLoss(
                lossType, epsilon, Objects.requireNonNullElse(epsilonHigh, epsilon), beta, maxCompletionLength);
    }

    /// Completions an optimiser step.
    public int stepSize() {
        return training.perDeviceTrainBatchSize() * training.gradientAccumulationSteps();
    }

    /// Completions a rollout.
    public int rolloutSize() {
        return Objects.requireNonNullElse(generationBatchSize, stepSize());
    }

    /// Optimiser steps a rollout, all passes counted.
    public int stepsPerRollout() {
        return rolloutSize() / stepSize() * numIterations;
    }

    public GrpoLoss loss() {
        return new GrpoLoss(
                lossType, epsilon, Objects.requireNonNullElse(epsilonHigh, epsilon), beta, maxCompletionLength);
    }
}
