package dev.razor.sft.simpo;

import dev.razor.core.base.Check;
import java.util.Arrays;
import java.util.List;

/// The loss of SimPO on pairs of a chosen answer `w` and a rejected one `l` to the same prompt, with its
/// derivative by each token's log-probability:
///
/// ```
/// reward(y) = beta / |y|  sum_t log pi(y_t | y_<t)         simpo             |y| trained tokens of y
///           =             sum_t log pi(y_t | y_<t)         simpo_printed
/// z         = reward(w) - reward(l) - gamma                                  gamma is 1 in simpo_printed
/// loss      = mean over the optimiser step's pairs of  -log sigmoid(z)
///
/// d loss / d log pi(w_t) = -sigmoid(-z) scale(w) / pairs                     scale(y) = beta / |y|, or 1
/// d loss / d log pi(l_t) = +sigmoid(-z) scale(l) / pairs
/// ```
///
/// `simpo` is that of the paper, and of TRL's `CPOTrainer` with `loss_type="simpo"` and `cpo_alpha=0` (which
/// writes `gamma / beta` inside and `beta` outside of the same `z`). `simpo_printed` is what section 5.1 of
/// RL's Razor prints: no scale, no mean over tokens, and a margin of 1; a longer answer then has a lower
/// reward.
///
/// @param beta what mean log-probabilities are multiplied by; 1 in `simpo_printed`
/// @param gamma by how much the chosen answer's reward shall be the higher one
/// @see <a href="https://arxiv.org/abs/2405.14734">SimPO, Meng, Xia and Chen 2024</a>
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, Shenfeld, Pari and Agrawal 2025, section 5.1</a>
public record SimPoLoss(Type type, double beta, double gamma) {

    /// The formulas.
    public enum Type {
        SIMPO,
        SIMPO_PRINTED
    }

    public SimPoLoss {
        Check.that(beta > 0 && Double.isFinite(beta), "beta must be a positive number, got %s", beta);
        Check.that(gamma >= 0 && Double.isFinite(gamma), "simpo_gamma must be a number of at least 0, got %s", gamma);
    }

    /// The paper's formula.
    public static SimPoLoss simpo(double beta, double gamma) {
        return new SimPoLoss(Type.SIMPO, beta, gamma);
    }

    /// The study's formula as it is printed.
    public static SimPoLoss printed() {
        return new SimPoLoss(Type.SIMPO_PRINTED, 1, 1);
    }

    /// The log-probabilities of a pair's trained tokens now, in nats; each side has at least one.
    public record Row(float[] chosen, float[] rejected) {}

    /// Sums over the pairs of a micro-batch.
    ///
    /// @param loss its share of the step's loss, in nats a pair
    /// @param chosenGradients `[pair][T]` the derivative of the loss by each log-probability of the chosen answer
    /// @param rejectedGradients the same of the rejected one
    /// @param sums not yet divided by the step's pairs
    public record Output(double loss, float[][] chosenGradients, float[][] rejectedGradients, Sums sums) {}

    /// What is watched of pairs, added up over them.
    ///
    /// @param rewardsChosen rewards of the chosen answers
    /// @param rewardsRejected rewards of the rejected ones
    /// @param logpsChosen log-probabilities of the chosen answers, whatever the formula makes of them
    /// @param logpsRejected log-probabilities of the rejected ones
    /// @param right pairs whose chosen answer has the higher reward
    public record Sums(
            double rewardsChosen, double rewardsRejected, double logpsChosen, double logpsRejected, int right) {

        static final Sums ZERO = new Sums(0, 0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    rewardsChosen + other.rewardsChosen,
                    rewardsRejected + other.rewardsRejected,
                    logpsChosen + other.logpsChosen,
                    logpsRejected + other.logpsRejected,
                    right + other.right);
        }
    }

    /// Loss and derivative of a micro-batch.
    ///
    /// @param stepPairs pairs of the whole optimiser step
    public Output compute(List<Row> rows, int stepPairs) {
        float[][] chosenGradients = new float[rows.size()][];
        float[][] rejectedGradients = new float[rows.size()][];
        double loss = 0;
        Sums sums = Sums.ZERO;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double logpChosen = sum(row.chosen);
            double logpRejected = sum(row.rejected);
            double chosen = scale(row.chosen.length) * logpChosen;
            double rejected = scale(row.rejected.length) * logpRejected;
            double z = chosen - rejected - gamma;
            loss += softplus(-z) / stepPairs;
            double slope = sigmoid(-z) / stepPairs;
            chosenGradients[i] = filled(row.chosen.length, -slope * scale(row.chosen.length));
            rejectedGradients[i] = filled(row.rejected.length, slope * scale(row.rejected.length));
            sums = sums.plus(new Sums(chosen, rejected, logpChosen, logpRejected, chosen > rejected ? 1 : 0));
        }
        return new Output(loss, chosenGradients, rejectedGradients, sums);
    }

    private double scale(int tokens) {
        return switch (type) {
            case SIMPO -> beta / tokens;
            case SIMPO_PRINTED -> 1;
        };
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    private static float[] filled(int length, double value) {
        float[] values = new float[length];
        Arrays.fill(values, (float) value);
        return values;
    }

    /// `log(1 + exp(x))` without overflow.
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /// `1 / (1 + exp(-x))` without overflow.
    private static double sigmoid(double x) {
        double small = Math.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + small) : small / (1 + small);
    }
}
