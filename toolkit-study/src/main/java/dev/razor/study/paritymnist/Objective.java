package dev.razor.study.paritymnist;

import dev.razor.core.base.Check;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// What a method learns from: weights `w` of the classes in the loss of a batch of `B` images,
///
/// ```
/// L = -1/B sum_b sum_y w_by log p_by
/// ```
///
/// which is cross-entropy where each row of `w` is a distribution of labels, and the policy gradient where it
/// gathers the advantages of labels that the model itself drew.
sealed interface Objective {

    /// Fills `weights` `[B, C]` for the images `rows`.
    ///
    /// @param logProbs `[B, C]` of the model that is trained
    void weigh(int[] rows, double[] logProbs, RandomGenerator random, double[] weights);

    /// Labels that do not depend on the model that is trained: each image has a distribution of them.
    ///
    /// @param targets `[n, C]`, each row of sum 1
    /// @param sampled whether a label is drawn from it, anew at every access; else it is the target itself
    record Supervised(double[] targets, boolean sampled) implements Objective {

        @Override
        public void weigh(int[] rows, double[] logProbs, RandomGenerator random, double[] weights) {
            int classes = logProbs.length / rows.length;
            for (int b = 0; b < rows.length; b++) {
                int at = b * classes;
                System.arraycopy(targets, rows[b] * classes, weights, at, classes);
                if (sampled) {
                    int label = draw(random.nextDouble(), weights, at, classes);
                    Arrays.fill(weights, at, at + classes, 0);
                    weights[at + label] = 1;
                }
            }
        }
    }

    /// Labels that the model draws, rewarded with 1 where the parity is right and 0 elsewhere:
    ///
    /// ```
    /// y_k ~ p_b,  r_k = 1 if parity(y_k) = parity(digit) else 0,  w_by = 1/G sum_k A_k [y_k = y]
    /// ```
    ///
    /// @param digits `[n]`
    /// @param groupSize `G`
    record PolicyGradient(byte[] digits, int groupSize, Advantage advantage) implements Objective {

        public PolicyGradient {
            Check.that(groupSize > 0, "group_size must be positive, got %d", groupSize);
        }

        @Override
        public void weigh(int[] rows, double[] logProbs, RandomGenerator random, double[] weights) {
            int classes = logProbs.length / rows.length;
            double[] probabilities = new double[classes];
            int[] labels = new int[groupSize];
            double[] rewards = new double[groupSize];
            Arrays.fill(weights, 0, logProbs.length, 0);
            for (int b = 0; b < rows.length; b++) {
                for (int y = 0; y < classes; y++) {
                    probabilities[y] = Math.exp(logProbs[b * classes + y]);
                }
                for (int k = 0; k < groupSize; k++) {
                    labels[k] = draw(random.nextDouble(), probabilities, 0, classes);
                    rewards[k] = Images.sameParity(digits[rows[b]], labels[k]) ? 1 : 0;
                }
                double[] advantages = advantage.of(rewards);
                for (int k = 0; k < groupSize; k++) {
                    weights[b * classes + labels[k]] += advantages[k] / groupSize;
                }
            }
        }
    }

    /// How rewards of one group become advantages.
    enum Advantage {
        /// `(r - mean) / (std + 1e-8)` with the unbiased `std`, as the public replication's GRPO.
        NORMALISED,
        /// `r - mean`, as Dr. GRPO.
        CENTRED,
        /// `r`: 1-0 REINFORCE.
        REWARD;

        double[] of(double[] rewards) {
            int n = rewards.length;
            double mean = Arrays.stream(rewards).sum() / n;
            double squares = 0;
            for (double reward : rewards) {
                squares += (reward - mean) * (reward - mean);
            }
            double std = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
            double[] advantages = new double[n];
            for (int i = 0; i < n; i++) {
                advantages[i] = switch (this) {
                    case NORMALISED -> (rewards[i] - mean) / (std + 1e-8);
                    case CENTRED -> rewards[i] - mean;
                    case REWARD -> rewards[i];
                };
            }
            return advantages;
        }
    }

    /// The class at which the cumulative sum of `classes` probabilities from `from` on passes `uniform` in `[0,
    /// 1)`; one of probability zero is never drawn.
    static int draw(double uniform, double[] probabilities, int from, int classes) {
        double sum = 0;
        int last = 0;
        for (int y = 0; y < classes; y++) {
            double probability = probabilities[from + y];
            if (probability > 0) {
                last = y;
                sum += probability;
                if (uniform < sum) {
                    return y;
                }
            }
        }
        return last; // rounding left the sum a little below one
    }
}
