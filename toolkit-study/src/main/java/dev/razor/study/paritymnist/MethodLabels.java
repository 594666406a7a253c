package dev.razor.study.paritymnist;

import dev.razor.study.paritymnist.Objective.Advantage;
import dev.razor.study.paritymnist.Objective.PolicyGradient;
import dev.razor.study.paritymnist.Objective.Supervised;
import java.util.function.Supplier;

/// What each method learns from, as the paper's appendix B.3 states it.
final class MethodLabels {

    private MethodLabels() {}

    /// The objective of `method` on images with these digits.
    ///
    /// @param base the base's log-probabilities of these images, `[n, C]`
    /// @param teacher the teacher's; asked for by method `teacher` alone
    static Objective of(
            ParityConfig.Method method, byte[] digits, Supplier<double[]> base, Supplier<double[]> teacher) {
        return switch (method.kind()) {
            case GRPO ->
                new PolicyGradient(
                        digits, method.groupSize(), method.scaleRewards() ? Advantage.NORMALISED : Advantage.CENTRED);
            case REINFORCE -> new PolicyGradient(digits, method.groupSize(), Advantage.REWARD);
            case SFT1 -> new Supervised(labels(digits, 1), false);
            case SFT2 -> new Supervised(labels(digits, 2), true);
            case ORACLE -> new Supervised(closest(digits, base.get()), method.sampleLabels());
            case TEACHER -> new Supervised(probabilities(teacher.get()), true);
        };
    }

    /// Of each digit's parity the first `choices` of the labels 0, 4 or 1, 5, equally likely.
    static double[] labels(byte[] digits, int choices) {
        double[] targets = new double[digits.length * Images.CLASSES];
        for (int row = 0; row < digits.length; row++) {
            for (int i = 0; i < choices; i++) {
                targets[row * Images.CLASSES + digits[row] % 2 + 4 * i] = 1.0 / choices;
            }
        }
        return targets;
    }

    /// The distribution closest to the base's among those that are always right:
    ///
    /// ```
    /// q(y) = base(y) [y right] / sum over right y of base(y)  =  argmin KL(q || base) with q(right) = 1
    /// ```
    static double[] closest(byte[] digits, double[] base) {
        double[] targets = new double[base.length];
        for (int row = 0; row < digits.length; row++) {
            int at = row * Images.CLASSES;
            double largest = Double.NEGATIVE_INFINITY;
            for (int y = digits[row] % 2; y < Images.CLASSES; y += 2) {
                largest = Math.max(largest, base[at + y]);
            }
            double sum = 0;
            for (int y = digits[row] % 2; y < Images.CLASSES; y += 2) {
                targets[at + y] = Math.exp(base[at + y] - largest);
                sum += targets[at + y];
            }
            for (int y = 0; y < Images.CLASSES; y++) {
                targets[at + y] /= sum;
            }
        }
        return targets;
    }

    private static double[] probabilities(double[] logProbs) {
        double[] probabilities = new double[logProbs.length];
        for (int i = 0; i < logProbs.length; i++) {
            probabilities[i] = Math.exp(logProbs[i]);
        }
        return probabilities;
    }
}
