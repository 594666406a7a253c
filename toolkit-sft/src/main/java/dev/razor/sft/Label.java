package dev.razor.sft;

import dev.razor.core.data.TokenSequence;

/// A completion that a teacher wrote and that was accepted as what to train on.
///
/// @param prompt the place of its prompt among the run's prompts, from 0
/// @param completionIds its tokens, the end token last
/// @param text the same as text, special tokens left out: what the reward judged
/// @param samples how many samples of the prompt were drawn up to this one, itself included
record Label(int prompt, int[] promptIds, int[] completionIds, String text, int samples) {

    /// Prompt and completion, of which the completion is trained.
    TokenSequence sequence() {
        return TokenSequence.of(promptIds, completionIds);
    }
}
