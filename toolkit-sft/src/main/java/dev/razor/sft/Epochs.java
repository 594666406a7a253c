package dev.razor.sft;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.run.Progress;
import java.util.List;

/// The sequences that each epoch trains on: the same ones every time, or labels that a teacher writes anew.
@FunctionalInterface
interface Epochs {

    /// The sequences of an epoch, always equally many.
    ///
    /// @param number from 0; epochs are asked for in their order, each when its first step is about to be made
    List<TokenSequence> of(int number, Progress progress);

    /// The same sequences in every epoch.
    static Epochs fixed(List<TokenSequence> sequences) {
        return (_, _) -> sequences;
    }

    /// Labels of a run's prompts. Where a prompt got none, that of another one takes its place, so that an
    /// epoch's steps and a step's size stay as they were planned.
    static Epochs sampled(SampledLabels labels) {
        return (number, progress) -> {
            List<Label> drawn = labels.epoch(number, progress);
            TokenSequence[] sequences = new TokenSequence[labels.prompts()];
            drawn.forEach(label -> sequences[label.prompt()] = label.sequence());
            for (int i = 0; i < sequences.length; i++) {
                if (sequences[i] == null) {
                    sequences[i] = drawn.get(i % drawn.size()).sequence();
                }
            }
            return List.of(sequences);
        };
    }
}
