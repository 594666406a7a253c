package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import org.jspecify.annotations.Nullable;

/// The keys that say how completions are drawn.
public record RolloutArguments(
        @Key(value = "completions a prompt", fallback = "8") int numGenerations,

        @Key(
                value = "completions a rollout, a multiple of num_generations; null: those of one optimiser step",
                fallback = "null")
        @Nullable
        Integer generationBatchSize,

        @Key(value = "completions decoded together; null: all of a rollout", fallback = "null") @Nullable
        Integer rolloutBatchSize,

        @Key(value = "tokens a completion may have, its end token included", fallback = "512")
        int maxCompletionLength,

        @Key(value = "what logits are divided by, in rollouts and in the loss", fallback = "1.0")
        double temperature,

        @Key(value = "mass of the most probable tokens sampled from; below 1 is off-policy", fallback = "1.0")
        double topP,

        @Key(value = "number of most probable tokens sampled from; 0 all, else off-policy", fallback = "0")
        int topK,

        @Key(
                value =
                        "groups whose rewards are all equal: none keeps them, drop leaves them out, refill draws others",
                fallback = "none")
        DynamicSampling dynamicSampling,

        @Key(value = "batches of prompts that refill may draw for a rollout", fallback = "10")
        int maxGenerationBatches) {

    /// What becomes of groups that teach nothing, because all of their rewards are equal (DAPO, section 3.2).
    public enum DynamicSampling {
        /// They stay: no advantage, but tokens that count in the normaliser of the loss.
        NONE,
        /// They leave the loss, as if they had not been drawn.
        DROP,
        /// Further prompts take their places, and only where those run out the rest is dropped.
        REFILL
    }

    public RolloutArguments {
        Check.that(numGenerations >= 1, "num_generations must be positive, got %d", numGenerations);
        Check.that(
                rolloutBatchSize == null || rolloutBatchSize > 0,
                "rollout_batch_size must be positive, got %s",
                rolloutBatchSize);
        Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
        Check.that(temperature > 0, "temperature must be positive, got %s", temperature);
        Check.that(0 < topP && topP <= 1, "top_p must be in (0, 1], got %s", topP);
        Check.that(topK >= 0, "top_k must be at least 0, got %d", topK);
        Check.that(maxGenerationBatches > 0, "max_generation_batches must be positive, got %d", maxGenerationBatches);
        Check.that(
                dynamicSampling == DynamicSampling.NONE || numGenerations >= 2,
                "dynamic_sampling compares the completions of a prompt; num_generations must be at least 2, got %d",
                numGenerations);
    }

    /// Whether completions are drawn from a part of the policy's distribution only.
    boolean truncated() {
        return topP < 1 || topK > 0;
    }
}
