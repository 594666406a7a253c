package dev.razor.core.train;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The keys of the completions that a run writes into `samples.jsonl` as it goes.
public record SampleTable(
        @Key(value = "prompts whose greedy completions are written to samples.jsonl", fallback = "null") @Nullable
        Path samplePrompts,

        @Key(value = "steps between two such tables", fallback = "100")
        int sampleSteps,

        @Key(value = "tokens such a completion may have", fallback = "128")
        int sampleMaxNewTokens) {

    public SampleTable {
        Check.that(sampleSteps > 0, "sample_steps must be positive, got %d", sampleSteps);
        Check.that(sampleMaxNewTokens > 0, "sample_max_new_tokens must be positive, got %d", sampleMaxNewTokens);
    }
}
