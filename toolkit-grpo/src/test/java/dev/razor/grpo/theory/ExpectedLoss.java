package dev.razor.grpo.theory;

import dev.razor.grpo.GrpoLoss;
import dev.razor.grpo.LossType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The exact gradient of Razor's own GRPO loss over a [TabularPolicy]: an answer is a completion of one token,
/// sampled from the policy as it is, so that ratios are one and nothing is clipped.
///
/// ```
/// d loss / d logit_a = sum over y  P(y sampled)  (d loss / d log pi(y))  (1[a = y] - pi(a))
/// ```
final class ExpectedLoss {

    private ExpectedLoss() {}

    /// `[Y]` minus the derivative of the expected loss by each logit: the direction of gradient descent.
    ///
    /// @param advantages `[Y]` of each answer; their expectation over one sample is taken
    static double[] ascent(double[] p, double[] advantages) {
        int[] answers = new int[p.length];
        Arrays.setAll(answers, y -> y);
        double[] slopes = slopes(p, answers, advantages, 1);
        double[] direction = new double[p.length];
        for (int y = 0; y < p.length; y++) {
            add(direction, p[y] * -slopes[y], y, p);
        }
        return direction;
    }

    /// The same of one group of sampled answers, not yet weighted by the group's probability.
    static double[] ascentOfGroup(double[] p, int[] answers, double[] advantages) {
        double[] slopes = slopes(p, answers, advantages, answers.length);
        double[] direction = new double[p.length];
        for (int i = 0; i < answers.length; i++) {
            add(direction, -slopes[i], answers[i], p);
        }
        return direction;
    }

    /// What the loss gives each sample's log-probability; the one place that knows how it is called.
    ///
    /// @param divisor tokens that the loss is a mean over
    private static double[] slopes(double[] p, int[] answers, double[] advantages, int divisor) {
        List<GrpoLoss.Row> rows = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            float[] logProb = {(float) Math.log(p[answers[i]])};
            rows.add(new GrpoLoss.Row(logProb, logProb, null, advantages[i], false));
        }
        float[][] gradients = new GrpoLoss(LossType.DAPO, 0.2, 0.2, 0, 1)
                .compute(rows, new GrpoLoss.Accumulation(1, rows.size(), divisor))
                .gradients();
        return Arrays.stream(gradients).mapToDouble(row -> row[0]).toArray();
    }

    /// Adds `weight` times the gradient of `log pi(y)` by the logits.
    private static void add(double[] direction, double weight, int y, double[] p) {
        for (int a = 0; a < p.length; a++) {
            direction[a] += weight * ((a == y ? 1 : 0) - p[a]);
        }
    }
}
