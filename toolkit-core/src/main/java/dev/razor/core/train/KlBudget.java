package dev.razor.core.train;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.data.DataFiles;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The keys of the forward KL from the base, watched while training on held-out prompts of the new task, and of
/// what happens when it passes a budget.
public record KlBudget(
        @Key(value = "held-out prompts of the new task on which KL(base || model) is watched", fallback = "null")
        @Nullable
        Path klPrompts,

        @Key(value = "completions that the base writes a prompt", fallback = "1")
        int klSamples,

        @Key(value = "tokens such a completion may have", fallback = "128")
        int klMaxNewTokens,

        @Key(
                value = "the forward KL a sequence, in nats, that must not be passed; null only watches",
                fallback = "null")
        @Nullable
        Double klBudget,

        @Key(
                value =
                        "what passing it does: stop ends the training; undo takes the steps since the last look back and goes on",
                fallback = "stop")
        Action klBudgetAction) {

    /// What passing the budget does.
    public enum Action {
        STOP,
        UNDO
    }

    public KlBudget {
        Check.that(klSamples > 0, "kl_samples must be positive, got %d", klSamples);
        Check.that(klMaxNewTokens > 0, "kl_max_new_tokens must be positive, got %d", klMaxNewTokens);
        Check.that(klBudget == null || klBudget > 0, "kl_budget must be positive, got %s", klBudget);
        Check.that(
                klBudget == null || klPrompts != null,
                "kl_budget needs kl_prompts: a file of held-out prompts of the new task");
    }

    /// Whether a forward KL of `nats` a completion is beyond the budget. One that is not a number is; without a
    /// budget none is.
    public boolean passedBy(double nats) {
        return klBudget != null && !(nats <= klBudget);
    }

    /// How the base's completions are drawn, from the held-out prompts of `kl_prompts`.
    ///
    /// @param base the model that the run starts from, whose tokenizer reads the prompts
    /// @param seed of the run
    /// @param batchSize sequences computed together
    /// @throws dev.razor.core.base.DataException naming file, line and field of a prompt that cannot be used
    public SamplingPlan plan(PretrainedModel base, long seed, int batchSize) {
        Path file = Objects.requireNonNull(klPrompts, "kl_prompts was not given");
        List<int[]> prompts = DataFiles.map(file, record -> PromptIds.of(record, base));
        return new SamplingPlan(
                prompts, klSamples, klMaxNewTokens, base.tokenizer().stopTokenIds(), seed, batchSize);
    }
}
