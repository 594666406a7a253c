package dev.razor.sft;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.loss.KlDirection;
import dev.razor.core.train.KlBudget;
import dev.razor.core.train.LoraArguments;
import dev.razor.core.train.SampleTable;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that decides the outcome of a supervised fine-tuning run.
public record SftConfig(
        @Key("the model to train: a Hugging Face directory") Path model,

        @Key("files or globs of {\"messages\"} or {\"prompt\", \"completion\"} records: JSONL, JSON, Parquet")
        List<Path> data,

        @Key(value = "how often an epoch takes each entry of data, such as [1, 0.5]; null once each", fallback = "null")
        @Nullable
        List<Double> dataWeights,

        @Key("where the run is written; must be new or empty")
        Path output,

        @Key(value = "tokens a sequence may have", fallback = "1024")
        int maxLength,

        @Key(value = "what happens to a longer one", fallback = "truncate")
        LengthPolicy maxLengthPolicy,

        @Key(
                value = "lay a batch's sequences end to end instead of padding them; the loss is the same",
                fallback = "false")
        boolean packing,

        @Key(value = "batches of sequences of like length", fallback = "false")
        boolean groupByLength,

        @Key(value = "weight of the KL penalty to the base at the trained tokens", fallback = "0.0")
        double beta,

        @Key(value = "its direction: forward KL(base || model), reverse KL(model || base)", fallback = "forward")
        KlDirection klDirection,

        @Inline Labels labels,

        @Key(value = "held-out records whose loss is watched", fallback = "null") @Nullable
        Path evalData,

        @Key(value = "steps between two looks at eval_data and kl_prompts; null: save_steps", fallback = "null")
        @Nullable
        Integer evalSteps,

        @Key(value = "looks without a better eval_loss before training stops; null never", fallback = "null") @Nullable
        Integer earlyStoppingPatience,

        @Inline KlBudget klBudget,
        @Inline SampleTable samples,
        @Inline LoraArguments lora,
        @Inline TrainingArguments training) {

    /// What happens to a sequence of more than `max_length` tokens.
    public enum LengthPolicy {
        TRUNCATE,
        DROP,
        FAIL
    }

    public SftConfig {
        Check.that(maxLength > 1, "max_length must be at least 2, got %d", maxLength);
        Check.that(beta >= 0 && Double.isFinite(beta), "beta must be a number of at least 0, got %s", beta);
        Check.that(evalSteps == null || evalSteps > 0, "eval_steps must be positive, got %s", evalSteps);
        Check.that(
                earlyStoppingPatience == null || earlyStoppingPatience > 0,
                "early_stopping_patience must be positive, got %s",
                earlyStoppingPatience);
        Check.that(earlyStoppingPatience == null || evalData != null, "early_stopping_patience needs eval_data");
        Check.that(!data.isEmpty(), "data must name at least one file");
        Check.that(
                dataWeights == null || dataWeights.size() == data.size(),
                "data_weights must have a weight for each entry of data, got %s for %d entries",
                dataWeights,
                data.size());
        Check.that(
                dataWeights == null || dataWeights.stream().allMatch(weight -> weight > 0 && Double.isFinite(weight)),
                "data_weights must be positive numbers, got %s",
                dataWeights);
        data = List.copyOf(data);
        dataWeights = dataWeights == null ? null : List.copyOf(dataWeights);
    }
}
