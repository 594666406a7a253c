package dev.razor.core.generate;

import dev.razor.core.base.Check;
import java.util.function.Supplier;

/// How tokens are chosen.
///
/// @param maxNewTokens tokens a completion may have, the stop token included
/// @param temperature what logits are divided by; zero takes the most probable token
/// @param topP the smallest set of most probable tokens that reaches this mass is sampled from; 1 keeps all
/// @param topK only this many most probable tokens are sampled from; 0 keeps all
/// @param stopTokens ids that end a completion; they are its last token
/// @param stopCheck gives each completion what else may end it
public record SamplingOptions(
        int maxNewTokens, double temperature, double topP, int topK, int[] stopTokens, Supplier<StopCheck> stopCheck) {

    public SamplingOptions {
        Check.that(maxNewTokens > 0, "max_new_tokens must be positive, got %d", maxNewTokens);
        Check.that(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be a number of at least 0, got %s",
                temperature);
        Check.that(0 < topP && topP <= 1, "top_p must be in (0, 1], got %s", topP);
        Check.that(topK >= 0, "top_k must be at least 0 (0 keeps all), got %d", topK);
    }

    /// Nothing but `stopTokens` ends a completion.
    public SamplingOptions(int maxNewTokens, double temperature, double topP, int topK, int[] stopTokens) {
        this(maxNewTokens, temperature, topP, topK, stopTokens, () -> _ -> false);
    }

    /// These options with completions that may end at something else too.
    public SamplingOptions withStopCheck(Supplier<StopCheck> check) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, stopTokens, check);
    }

    /// The most probable token at every step.
    public static SamplingOptions greedy(int maxNewTokens, int... stopTokens) {
        return new SamplingOptions(maxNewTokens, 0, 1, 0, stopTokens);
    }

    /// The model's own distribution: temperature 1, nothing cut off.
    public static SamplingOptions untruncated(int maxNewTokens, int... stopTokens) {
        return new SamplingOptions(maxNewTokens, 1, 1, 0, stopTokens);
    }
}
