package dev.razor.core.lora;

import dev.razor.core.base.Check;
import java.util.List;

/// An adapter that is to be made.
///
/// @param r rank
/// @param alpha the update is scaled by `alpha / r`
/// @param targetModules names of layers as PEFT matches them, or `all-linear`
/// @param seed names the random numbers it starts from
public record LoraSettings(int r, double alpha, List<String> targetModules, long seed) {

    public LoraSettings {
        Check.that(r > 0, "the rank must be positive, got %d", r);
        targetModules = List.copyOf(targetModules);
    }
}
