package dev.razor.core.kl;

import dev.razor.core.base.Check;
import dev.razor.core.data.TokenSequence;

/// A completion at each of whose positions two models are compared.
///
/// @param prompt names the prompt, from 0: sequences of one prompt are not independent and are resampled together
/// @param promptIds at least one token
/// @param completionIds at least one token
/// @param truncated whether the completion ran into a length limit before the model ended it
@SuppressWarnings("ArrayRecordComponent") // compared by identity, which is all that is needed
public record KlSequence(int prompt, int[] promptIds, int[] completionIds, boolean truncated) {

    public KlSequence {
        Check.that(prompt >= 0, "prompts are numbered from 0, got %d", prompt);
        Check.that(promptIds.length > 0, "a prompt needs at least one token");
        Check.that(completionIds.length > 0, "a completion needs at least one token");
    }

    /// Prompt and completion, the completion's tokens marked.
    public TokenSequence tokens() {
        return TokenSequence.of(promptIds, completionIds);
    }
}
