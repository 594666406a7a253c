package dev.razor.core.train;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.lora.LoraSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of low-rank adaptation, under TRL's names. They are those of a new adapter: where the model is an
/// adapter's directory, that one is trained on, with its own rank, scale and layers.
///
/// @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021</a>
public record LoraArguments(
        @Key(value = "train a low-rank adapter beside frozen weights instead of the weights", fallback = "false")
        boolean usePeft,

        @Key(value = "rank of the adapter", fallback = "16") int loraR,

        @Key(value = "the adapter's product is scaled by lora_alpha / lora_r", fallback = "32")
        double loraAlpha,

        @Key(value = "names of the adapted layers, or all-linear (all but the head)", fallback = "[all-linear]")
        List<String> loraTargetModules) {

    public LoraArguments {
        Check.that(loraR > 0, "lora_r must be positive, got %d", loraR);
        Check.that(
                loraAlpha > 0 && Double.isFinite(loraAlpha), "lora_alpha must be a positive number, got %s", loraAlpha);
        Check.that(!loraTargetModules.isEmpty(), "lora_target_modules must name at least one layer");
        loraTargetModules = List.copyOf(loraTargetModules);
    }

    /// The new adapter that these keys ask for, or null.
    ///
    /// @param seed names the random numbers it starts from
    public @Nullable LoraSettings adapter(long seed) {
        return usePeft ? new LoraSettings(loraR, loraAlpha, loraTargetModules, seed) : null;
    }
}
