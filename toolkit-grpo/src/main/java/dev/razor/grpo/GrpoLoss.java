package dev.razor.grpo;

import dev.razor.core.base.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The clipped policy-gradient loss of GRPO and its relatives, with its derivative by each token's
/// log-probability.
///
/// For token `t` of completion `i`, with log-probabilities `l` now, `l_old` when it was sampled, `l_ref` under
/// the
/// base model, and the completion's advantage `A_i`:
///
/// ```
/// r      = exp(l - l_old)
/// clip r = min(max(r, 1 - epsilon_low), 1 + epsilon_high)
/// kl     = exp(l_ref - l) - (l_ref - l) - 1                                the k3 estimator
/// term   = -min(r A_i, clip(r) A_i) + beta kl
/// loss   = sum over i, t of  weight_i term_it
///
/// d term / d l = -(r A_i where the first of the two is the smaller, else 0) + beta (1 - exp(l_ref - l))
///
/// weight_i = 1 / (n |o_i|)                          grpo      n completions in the micro-batch, |o_i| tokens
/// of this
///          = 1 / (tokens in the micro-batch)        bnpo
///          = 1 / (n max_completion_length)          dr_grpo
///          = 1 / (tokens in the optimiser step)     dapo
/// ```
///
/// In an optimiser step of `s` micro-batches the first three weights are divided by `s`, so that the step's
/// loss is
/// the mean over micro-batches. This and everything above agrees with TRL's `GRPOTrainer`, with one exception:
/// where
/// a rollout serves several steps or truncated completions are masked, TRL's `dapo` divides by all tokens of the
/// rollout, this by the unmasked tokens of the step, which are what its gradient is made of.
///
/// The k3 term estimates the reverse KL(policy || base) in value, but its gradient on the policy's own samples
/// points along the forward KL (base || policy).
///
/// @param epsilonLow how far below one the ratio may fall before it is clipped
/// @param epsilonHigh how far above one the ratio may rise before it is clipped
/// @param beta weight of the pull towards the base; zero switches it off
/// @param maxCompletionLength the length limit of the rollouts, `dr_grpo`'s constant
/// @see <a href="https://arxiv.org/abs/2402.03300">DeepSeekMath, Shao et al. 2024</a>
/// @see <a href="https://arxiv.org/abs/2503.14476">DAPO, Yu et al. 2025</a>
public record GrpoLoss(LossType type, double epsilonLow, double epsilonHigh, double beta, int maxCompletionLength) {

    public GrpoLoss {
        Check.that(0 <= epsilonLow && epsilonLow < 1, "epsilon must be in [0, 1), got %s", epsilonLow);
        Check.that(epsilonHigh >= 0, "epsilon_high must not be negative, got %s", epsilonHigh);
        Check.that(beta >= 0, "beta must not be negative, got %s", beta);
        Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
    }

    /// One completion.
    ///
    /// @param logProbs `[T]` now
    /// @param oldLogProbs `[T]` when it was sampled
    /// @param refLogProbs `[T]` under the base; null where beta is zero
    /// @param masked whether it is left out, as a truncated one may be: its tokens count as none
    public record Row(
            float[] logProbs, float[] oldLogProbs, float @Nullable [] refLogProbs, double advantage, boolean masked) {

        int tokens() {
            return masked ? 0 : logProbs.length;
        }
    }

    /// How a micro-batch stands in its optimiser step.
    ///
    /// @param microBatches how many the step has
    /// @param stepTokens completion tokens of the whole step
    public record Accumulation(int microBatches, long stepTokens) {}

    /// The micro-batch's share of the step's loss, and sums to watch.
    ///
    /// @param gradients `[row][T]` the derivative of the loss by each log-probability
    /// @param klSum k3 over all tokens, in nats; zero without a base
    /// @param clippedLow tokens whose ratio is held up at `1 - epsilon_low` (their advantage is negative)
    /// @param clippedHigh tokens whose ratio is held down at `1 + epsilon_high` (their advantage is positive)
    /// @param tokens completion tokens
    public record Output(double loss, float[][] gradients, double klSum, int clippedLow, int clippedHigh, int tokens) {}

    public Output compute(List<Row> rows, Accumulation step) {
        int tokens = rows.stream().mapToInt(Row::tokens).sum();
        float[][] gradients = new float[rows.size()][];
        double loss = 0;
        double klSum = 0;
        int clippedLow = 0;
        int clippedHigh = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            gradients[i] = new float[row.logProbs.length];
            double weight = weight(row.tokens(), rows.size(), tokens, step);
            for (int t = 0; t < row.tokens(); t++) {
                double ratio = Math.exp((double) row.logProbs[t] - row.oldLogProbs[t]);
                double free = ratio * row.advantage;
                double clipped = Math.clamp(ratio, 1 - epsilonLow, 1 + epsilonHigh) * row.advantage;
                double term = -Math.min(free, clipped);
                double slope = free <= clipped ? -free : 0;
                if (row.refLogProbs != null) {
                    double toRef = (double) row.refLogProbs[t] - row.logProbs[t];
                    double kl = Math.expm1(toRef) - toRef;
                    klSum += kl;
                    term += beta * kl;
                    slope -= beta * Math.expm1(toRef);
                }
                loss += weight * term;
                gradients[i][t] = (float) (weight * slope);
                clippedLow += ratio < 1 - epsilonLow && row.advantage < 0 ? 1 : 0;
                clippedHigh += ratio > 1 + epsilonHigh && row.advantage > 0 ? 1 : 0;
            }
        }
        return new Output(loss, gradients, klSum, clippedLow, clippedHigh, tokens);
    }

    private double weight(int rowTokens, int rows, int tokens, Accumulation step) {
        return switch (type) {
            case GRPO -> 1.0 / ((double) rows * Math.max(1, rowTokens) * step.microBatches);
            case BNPO -> 1.0 / ((double) Math.max(1, tokens) * step.microBatches);
            case DR_GRPO -> 1.0 / ((double) rows * maxCompletionLength * step.microBatches);
            case DAPO -> 1.0 / Math.max(1, step.stepTokens);
        };
    }
}
