package dev.razor.core.generate;

import dev.razor.core.base.Check;

/// What a completion starts from.
///
/// @param ids the prompt's tokens, at least one
/// @param seed names the random numbers of this completion; the same prompt and seed give the same completion
/// in any batch
public record Prompt(int[] ids, long seed) {
    public Prompt {
        Check.that(ids.length > 0, "a prompt needs at least one token");
    }
}
