package dev.razor.eval.kl;

import dev.razor.core.kl.SamplingPlan;
import org.jspecify.annotations.Nullable;

/// What a comparison ran with, as its output records it.
///
/// @param base the base model as the user named it
/// @param baseHash its checksum, see [dev.razor.core.run.Sha256#ofModel]
/// @param input the file of prompts or sequences
/// @param plan how completions were drawn; null where they were given
/// @param dtype the type both models computed in
public record KlSettings(
        String base,
        String baseHash,
        String model,
        String modelHash,
        String input,
        @Nullable SamplingPlan plan,
        long seed,
        String dtype,
        String device,
        int batchSize) {}
