package dev.razor.study.paritymnist;

import org.jspecify.annotations.Nullable;

/// The loss of a batch as a function of its log-probabilities, and its gradient by the logits in closed form:
///
/// ```
/// L       = 1/B sum_b ( -sum_y w_by log p_by + beta KL_b ),   KL_b = sum_y p_by (log p_by - log base_by)
/// dL/dz   = 1/B ( (sum_y w_by) p_by - w_by + beta p_by (log p_by - log base_by - KL_b) )
/// ```
///
/// with `w` held fixed, and the reverse KL(model || base) exact over the classes.
///
/// @param beta coefficient of the KL
/// @param base `[n, C]` log-probabilities of the base model on all images; needed where `beta` is not zero
record LogitLoss(double beta, double @Nullable [] base) {

    static final LogitLoss PLAIN = new LogitLoss(0, null);

    /// Fills `gradient` `[B, C]` and gives the loss.
    ///
    /// @param rows which images they are
    double of(int[] rows, double[] logProbs, double[] weights, double[] gradient) {
        int classes = logProbs.length / rows.length;
        double loss = 0;
        for (int b = 0; b < rows.length; b++) {
            int at = b * classes;
            double sum = 0;
            for (int y = at; y < at + classes; y++) {
                sum += weights[y];
                loss -= weights[y] == 0 ? 0 : weights[y] * logProbs[y] / rows.length;
            }
            for (int y = at; y < at + classes; y++) {
                gradient[y] = (sum * Math.exp(logProbs[y]) - weights[y]) / rows.length;
            }
            if (beta != 0 && base != null) {
                loss += beta
                        * penalty(base, rows[b] * classes, logProbs, at, classes, gradient, beta / rows.length)
                        / rows.length;
            }
        }
        return loss;
    }

    /// Adds the gradient of one row's KL times `factor`, and gives the KL.
    private static double penalty(
            double[] base, int from, double[] logProbs, int at, int classes, double[] gradient, double factor) {
        double kl = 0;
        for (int y = 0; y < classes; y++) {
            kl += Math.exp(logProbs[at + y]) * (logProbs[at + y] - base[from + y]);
        }
        for (int y = 0; y < classes; y++) {
            gradient[at + y] += factor * Math.exp(logProbs[at + y]) * (logProbs[at + y] - base[from + y] - kl);
        }
        return kl;
    }
}
