package dev.razor.sft.simpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.train.KlBudget;
import dev.razor.core.train.LoraArguments;
import dev.razor.core.train.SampleTable;
import dev.razor.core.train.TrainingArguments;
import dev.razor.sft.SftConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that decides the outcome of a SimPO run. Keys are those of TRL's `CPOConfig`, and so are the
/// defaults of `beta` (0.1) and `simpo_gamma` (0.5); the paper trains with a beta of 2 to 2.5 and a gamma of
/// 0.3 to 1.6.
///
/// `beta` and `simpo_gamma` belong to `loss_type: simpo`. The printed formula has neither, so that a file that
/// sets one of them with it is refused rather than half obeyed.
public record SimPoConfig(
        @Key("the model to train: a Hugging Face directory") Path model,

        @Key(
                "files or globs of {\"prompt\", \"chosen\", \"rejected\"} records, texts or lists of messages: JSONL, JSON, Parquet")
        List<Path> data,

        @Key("where the run is written; must be new or empty")
        Path output,

        @Key(
                value =
                        "simpo: the paper's; simpo_printed: -log sigmoid(log pi(chosen) - log pi(rejected) - 1), as RL's Razor prints it",
                fallback = "simpo")
        SimPoLoss.Type lossType,

        @Key(
                value = "scale of simpo's rewards, which are means over tokens; null: 0.1 (the paper: 2 to 2.5)",
                fallback = "null")
        @Nullable
        Double beta,

        @Key(
                value = "by how much the chosen answer's reward in simpo shall be the higher one; null: 0.5",
                fallback = "null")
        @Nullable
        Double simpoGamma,

        @Key(value = "tokens that prompt and answer may have together, on each side of a pair", fallback = "1024")
        int maxLength,

        @Key(value = "what happens to a pair with a longer side", fallback = "truncate")
        SftConfig.LengthPolicy maxLengthPolicy,

        @Key(value = "steps between two looks at kl_prompts; null: save_steps", fallback = "null") @Nullable
        Integer evalSteps,

        @Inline KlBudget klBudget,
        @Inline SampleTable samples,
        @Inline LoraArguments lora,
        @Inline TrainingArguments training) {

    private static final double TRL_BETA = 0.1;
    private static final double TRL_GAMMA = 0.5;

    public SimPoConfig {
        Check.that(maxLength > 1, "max_length must be at least 2, got %d", maxLength);
        Check.that(evalSteps == null || evalSteps > 0, "eval_steps must be positive, got %s", evalSteps);
        Check.that(!data.isEmpty(), "data must name at least one file");
        data = List.copyOf(data);
        switch (lossType) {
            case SIMPO -> {
                beta = Objects.requireNonNullElse(beta, TRL_BETA);
                simpoGamma = Objects.requireNonNullElse(simpoGamma, TRL_GAMMA);
                var _ = SimPoLoss.simpo(beta, simpoGamma);
            }
            case SIMPO_PRINTED ->
                Check.that(
                        beta == null && simpoGamma == null,
                        "loss_type simpo_printed has a margin of 1 and no scale, so beta (%s) and simpo_gamma (%s) are not used; remove them or set them to null",
                        beta,
                        simpoGamma);
        }
    }

    /// The loss that the keys describe.
    public SimPoLoss loss() {
        return switch (lossType) {
            case SIMPO -> SimPoLoss.simpo(Objects.requireNonNull(beta), Objects.requireNonNull(simpoGamma));
            case SIMPO_PRINTED -> SimPoLoss.printed();
        };
    }
}
