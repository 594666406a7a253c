package dev.razor.sft;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;

/// Everything that decides the outcome of a supervised fine-tuning run.
public record SftConfig(
        @Key("the model to train: a Hugging Face directory") Path model,

        @Key("JSONL of {\"messages\"} or {\"prompt\", \"completion\"} records")
        Path data,

        @Key("where the run is written; must be new or empty")
        Path output,

        @Key(value = "tokens a sequence may have; what is longer is cut at its end", fallback = "1024")
        int maxLength,

        @Inline TrainingArguments training) {

    public SftConfig {
        Check.that(maxLength > 1, "max_length must be at least 2, got %d", maxLength);
    }
}
