package dev.razor.eval.kl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a model lies from a base model.
///
/// @param forwardKl KL(base || model), summed over the vocabulary at every position: of samples from the base
///     model the Rao-Blackwell form of the sequences' divergence
/// @param reverseKl KL(model || base), likewise; of samples from the model, where there are any
/// @param forwardKlSampled the plain estimate from the same samples, the mean of `log p_base - log p_model` of
///     what was drawn; null where nothing was drawn
/// @param reverseKlSampled the same for the samples from the model
/// @param forwardKlK3 the k3 estimate from the base's samples; null where nothing was drawn
/// @param reverseKlK3 the same for the samples from the model
/// @param sequences those that the base model wrote, or those given
/// @param fromModel those that the model wrote; none where nothing was drawn
public record KlResult(
        Quantity forwardKl,
        Quantity reverseKl,
        Quantity totalVariation,
        Quantity l2,
        Quantity jensenShannon,
        @Nullable Quantity forwardKlSampled,
        @Nullable Quantity reverseKlSampled,
        @Nullable Quantity forwardKlK3,
        @Nullable Quantity reverseKlK3,
        List<SequenceDivergence> sequences,
        List<SequenceDivergence> fromModel) {

    public KlResult {
        sequences = List.copyOf(sequences);
        fromModel = List.copyOf(fromModel);
    }

    static KlResult given(List<SequenceDivergence> sequences, long seed) {
        return new KlResult(
                Quantity.of(sequences, SequenceDivergence::forwardKl, seed),
                Quantity.of(sequences, SequenceDivergence::reverseKl, seed),
                Quantity.of(sequences, SequenceDivergence::totalVariation, seed),
                Quantity.of(sequences, SequenceDivergence::l2, seed),
                Quantity.of(sequences, SequenceDivergence::jensenShannon, seed),
                null,
                null,
                null,
                null,
                sequences,
                List.of());
    }

    static KlResult sampled(List<SequenceDivergence> fromBase, List<SequenceDivergence> fromModel, long seed) {
        return new KlResult(
                Quantity.of(fromBase, SequenceDivergence::forwardKl, seed),
                Quantity.of(fromModel, SequenceDivergence::reverseKl, seed),
                Quantity.of(fromBase, SequenceDivergence::totalVariation, seed),
                Quantity.of(fromBase, SequenceDivergence::l2, seed),
                Quantity.of(fromBase, SequenceDivergence::jensenShannon, seed),
                Quantity.of(fromBase, one -> one.baseLogProb() - one.modelLogProb(), seed),
                Quantity.of(fromModel, one -> one.modelLogProb() - one.baseLogProb(), seed),
                Quantity.of(fromBase, SequenceDivergence::forwardKlK3, seed),
                Quantity.of(fromModel, SequenceDivergence::reverseKlK3, seed),
                fromBase,
                fromModel);
    }
}
