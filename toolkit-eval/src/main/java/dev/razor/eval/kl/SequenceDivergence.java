package dev.razor.eval.kl;

import dev.razor.core.kl.KlSequence;

/// How far two models lie apart along one sequence: sums over the positions of its completion, in nats where a
/// logarithm is meant (see [dev.razor.core.loss.Divergences] for the quantities at one position).
///
/// @param forwardKlK3 `sum_t r_t - 1 - log r_t` with `r_t = q(y_t) / p(y_t)`, Schulman's k3: where `y` was drawn
///     from the base, unbiased for the forward KL and never negative, with a heavy tail where a ratio is large
/// @param reverseKlK3 the same with `r_t = p(y_t) / q(y_t)`, for what was drawn from the other model
/// @param baseLogProb the completion's log-probability under the base model
/// @param modelLogProb and under the other one
public record SequenceDivergence(
        KlSequence sequence,
        double forwardKl,
        double reverseKl,
        double totalVariation,
        double l2,
        double jensenShannon,
        double forwardKlK3,
        double reverseKlK3,
        double baseLogProb,
        double modelLogProb) {

    /// Positions compared.
    public int tokens() {
        return sequence.completionIds().length;
    }
}
