package dev.razor.eval.kl;

import dev.razor.core.kl.KlSequence;

/// How far two models lie apart along one sequence: sums over the positions of its completion, in nats where a
/// logarithm is meant (see [dev.razor.core.loss.Divergences] for the quantities at one position).
///
/// @param baseLogProb the completion's log-probability under the base model
/// @param modelLogProb and under the other one
public record SequenceDivergence(
        KlSequence sequence,
        double forwardKl,
        double reverseKl,
        double totalVariation,
        double l2,
        double jensenShannon,
        double baseLogProb,
        double modelLogProb) {

    /// Positions compared.
    public int tokens() {
        return sequence.completionIds().length;
    }
}
