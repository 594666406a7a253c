package dev.razor.grpo;

import dev.razor.core.base.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The clipped policy-gradient loss of GRPO and its relatives, with its derivative by each token's
/// log-probability.
///
/// For token `t` of completion `i`, with log-probabilities `l` now, `l_old` when it was sampled, `l_ref` under
/// the base model, and the completion's advantage `A_i`:
///
/// ```
/// r      = exp(l - l_old)                                      token     (GRPO)
/// r      = exp(1/|o_i| sum over t of (l - l_old))              sequence  (GSPO, equation 7), the same at all t
/// clip r = min(max(r, 1 - epsilon_low), 1 + epsilon_high)
/// kl     = the estimate of KlEstimator from d = l - l_ref; exact: the caller's, added by it
/// term   = -min(r A_i, clip(r) A_i) + beta kl
/// loss   = sum over i, t of  weight_i term_it
///
/// d loss / d l = weight_i (-(r A_i where the first of the two is the smaller, else 0) + beta d kl / d l)
///
/// weight_i = 1 / (n |o_i|)                          grpo      n completions in the optimiser step, |o_i| tokens
///          = 1 / (s tokens in the micro-batch)      bnpo      s micro-batches in the step
///          = 1 / (n max_completion_length)          dr_grpo
///          = 1 / (tokens in the optimiser step)     dapo
/// ```
///
/// The derivative of a sequence's ratio by one of its tokens is `r / |o_i|`, and there are `|o_i|` terms with
/// it, so the line above holds for both.
///
/// All of it agrees with TRL's `GRPOTrainer`, with one exception: where a rollout serves several steps or
/// truncated completions are masked, TRL's `dapo` divides by all tokens of the rollout, this by the unmasked
/// tokens of the step, which are what its gradient is made of.
///
/// @param epsilonLow how far below one the ratio may fall before it is clipped
/// @param epsilonHigh how far above one the ratio may rise before it is clipped
/// @param beta weight of the pull towards the base; zero switches it off
/// @param maxCompletionLength the length limit of the rollouts, `dr_grpo`'s constant
/// @see <a href="https://arxiv.org/abs/2402.03300">DeepSeekMath, Shao et al. 2024</a>
/// @see <a href="https://arxiv.org/abs/2503.14476">DAPO, Yu et al. 2025</a>
/// @see <a href="https://arxiv.org/abs/2507.18071">GSPO, Zheng et al. 2025</a>
public record GrpoLoss(
        LossType type,
        ImportanceSamplingLevel level,
        double epsilonLow,
        double epsilonHigh,
        double beta,
        KlEstimator estimator,
        int maxCompletionLength) {

    public GrpoLoss {
        Check.that(0 <= epsilonLow && epsilonLow < 1, "epsilon must be in [0, 1), got %s", epsilonLow);
        Check.that(epsilonHigh >= 0, "epsilon_high must not be negative, got %s", epsilonHigh);
        Check.that(beta >= 0 && Double.isFinite(beta), "beta must be a number of at least 0, got %s", beta);
        Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
    }

    /// GRPO as TRL has it: ratios of tokens, the k3 estimator.
    public GrpoLoss(LossType type, double epsilonLow, double epsilonHigh, double beta, int maxCompletionLength) {
        this(type, ImportanceSamplingLevel.TOKEN, epsilonLow, epsilonHigh, beta, KlEstimator.K3, maxCompletionLength);
    }

    /// One completion.
    ///
    /// @param logProbs `[T]` now
    /// @param oldLogProbs `[T]` when it was sampled
    /// @param refLogProbs `[T]` under the base; null where none is needed
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
    /// @param rows completions of the whole step, masked ones too
    /// @param tokens unmasked completion tokens of the whole step
    public record Accumulation(int microBatches, int rows, long tokens) {}

    /// The micro-batch's share of the step's loss, and sums to watch.
    ///
    /// @param gradients `[row][T]` the derivative of the loss by each log-probability
    /// @param weights `[row]` of each completion's terms; 0 of a masked one
    /// @param klSum the estimates over all tokens, in nats; zero without a base or where it is exact
    /// @param clippedLow ratios held up at `1 - epsilon_low` (their advantage is negative): of tokens or
    /// sequences
    /// @param clippedHigh ratios held down at `1 + epsilon_high` (their advantage is positive)
    /// @param ratios how many there are: tokens, or sequences
    /// @param tokens unmasked completion tokens
    public record Output(
            double loss,
            float[][] gradients,
            double[] weights,
            double klSum,
            int clippedLow,
            int clippedHigh,
            int ratios,
            int tokens) {}

    public Output compute(List<Row> rows, Accumulation step) {
        int tokens = rows.stream().mapToInt(Row::tokens).sum();
        float[][] gradients = new float[rows.size()][];
        double[] weights = new double[rows.size()];
        double loss = 0;
        double klSum = 0;
        int clippedLow = 0;
        int clippedHigh = 0;
        int ratios = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            gradients[i] = new float[row.logProbs.length];
            weights[i] = row.masked ? 0 : weight(row.tokens(), tokens, step);
            double sequenceRatio = level == ImportanceSamplingLevel.SEQUENCE ? sequenceRatio(row) : Double.NaN;
            for (int t = 0; t < row.tokens(); t++) {
                double ratio = level == ImportanceSamplingLevel.SEQUENCE
                        ? sequenceRatio
                        : Math.exp((double) row.logProbs[t] - row.oldLogProbs[t]);
                double free = ratio * row.advantage;
                double clipped = Math.clamp(ratio, 1 - epsilonLow, 1 + epsilonHigh) * row.advantage;
                double term = -Math.min(free, clipped);
                double slope = free <= clipped ? -free : 0;
                if (row.refLogProbs != null && estimator != KlEstimator.EXACT) {
                    double fromRef = (double) row.logProbs[t] - row.refLogProbs[t];
                    double kl = estimator.value(fromRef);
                    klSum += kl;
                    term += beta * kl;
                    slope += beta * estimator.slope(fromRef);
                }
                loss += weights[i] * term;
                gradients[i][t] = (float) (weights[i] * slope);
                if (level == ImportanceSamplingLevel.TOKEN || t == 0) {
                    clippedLow += ratio < 1 - epsilonLow && row.advantage < 0 ? 1 : 0;
                    clippedHigh += ratio > 1 + epsilonHigh && row.advantage > 0 ? 1 : 0;
                    ratios++;
                }
            }
        }
        return new Output(loss, gradients, weights, klSum, clippedLow, clippedHigh, ratios, tokens);
    }

    private static double sequenceRatio(Row row) {
        double sum = 0;
        for (int t = 0; t < row.tokens(); t++) {
            sum += (double) row.logProbs[t] - row.oldLogProbs[t];
        }
        return Math.exp(sum / Math.max(1, row.tokens()));
    }

    private double weight(int rowTokens, int tokens, Accumulation step) {
        return switch (type) {
            case GRPO -> 1.0 / ((double) step.rows * Math.max(1, rowTokens));
            case BNPO -> 1.0 / ((double) Math.max(1, tokens) * step.microBatches);
            case DR_GRPO -> 1.0 / ((double) step.rows * maxCompletionLength);
            case DAPO -> 1.0 / Math.max(1, step.tokens);
        };
    }
}
