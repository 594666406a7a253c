package dev.razor.grpo;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The keys of the loss and of the pull towards the base.
public record LossArguments(
        @Key(value = "how token terms are averaged", fallback = "dapo")
        LossType lossType,

        @Key(
                value = "whose probability ratio is clipped: each token's (GRPO) or the sequence's (GSPO)",
                fallback = "token")
        ImportanceSamplingLevel importanceSamplingLevel,

        @Key(value = "optimisation passes over a rollout", fallback = "1")
        int numIterations,

        @Key(value = "how far below one the ratio may fall", fallback = "0.2")
        double epsilon,

        @Key(value = "how far above one the ratio may rise; null: as epsilon", fallback = "null") @Nullable
        Double epsilonHigh,

        @Key(value = "weight of the KL to the base; 0 does not load it", fallback = "0.0")
        double beta,

        @Key(value = "how that KL is estimated; exact sums over the vocabulary", fallback = "k3")
        KlEstimator klEstimator,

        @Key(value = "whether it is added to the loss or taken from the reward", fallback = "loss")
        KlPlace klIn) {

    /// Where the KL to the base enters.
    public enum KlPlace {
        /// `beta kl` is added to each token's term of the loss.
        LOSS,
        /// `beta` times the sum of a completion's `kl` is taken from its reward; see [KlEstimator] for `exact`.
        REWARD
    }

    public LossArguments {
        Check.that(numIterations > 0, "num_iterations must be positive, got %d", numIterations);
    }

    /// Whether the base pulls through the loss.
    boolean klInLoss() {
        return beta > 0 && klIn == KlPlace.LOSS;
    }

    /// Whether the KL is exact, and its gradient at each token therefore a term of the loss.
    boolean exactKl() {
        return beta > 0 && klEstimator == KlEstimator.EXACT;
    }

    /// Whether the base pulls through the rewards.
    boolean klInReward() {
        return beta > 0 && klIn == KlPlace.REWARD;
    }

    /// The loss of completions of at most `maxCompletionLength` tokens.
    GrpoLoss loss(int maxCompletionLength) {
        return new GrpoLoss(
                lossType,
                importanceSamplingLevel,
                epsilon,
                Objects.requireNonNullElse(epsilonHigh, epsilon),
                klIn == KlPlace.LOSS || klEstimator == KlEstimator.EXACT ? beta : 0,
                klEstimator,
                maxCompletionLength);
    }
}
