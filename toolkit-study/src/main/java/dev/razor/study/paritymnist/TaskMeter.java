package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.loss.Divergences;
import dev.razor.core.nn.Linear;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a base model says about one task's test images, against which other models are held.
final class TaskMeter {

    /// The replication raises every probability to this much, which caps a log-ratio at 23.
    private static final double CLAMP = 1e-10;

    private final Images images;
    private final boolean parity;
    private final Linear identity;
    private final NDArray logits; // [n, C]
    private final List<NDArray> hidden; // [n, n(i)]

    /// @param manager owns what is kept of the base
    /// @param parity whether any class of the right parity is right; else only the label is
    TaskMeter(NDManager manager, Parameters base, Images images, boolean parity) {
        this.images = images;
        this.parity = parity;
        try (NDScope _ = new NDScope()) {
            Mlp.Activations activations = Mlp.forward(base, images.inputs());
            this.logits = activations.logits();
            this.hidden = List.copyOf(activations.hidden());
            NDArray diagonal = manager.eye(Images.CLASSES);
            this.identity = new Linear(diagonal, null);
            NDScope.unregister(logits, diagonal);
            hidden.forEach(NDScope::unregister);
        }
        logits.attach(manager);
        hidden.forEach(array -> array.attach(manager));
    }

    /// Accuracy and distances of one model.
    record Result(double accuracy, Map<String, Double> meters) {}

    /// Measures `model`:
    ///
    /// ```
    /// forward_kl                       sum_y p (log p - log q) with p and q raised to 1e-10, as the replication
    /// forward_kl_unclamped             the same of p and q as they are
    /// reverse_kl ... jensen_shannon    see [Divergences]; all are means over the images
    /// activation_l1                    mean over images, hidden layers and their features of |h - h_base|
    /// activation_l2                    mean over images and hidden layers of the root mean square of h - h_base
    /// ```
    Result measure(Parameters model) {
        try (NDScope _ = new NDScope()) {
            Mlp.Activations activations = Mlp.forward(model, images.inputs());
            Divergences divergences = Divergences.between(logits, identity, activations.logits(), identity);
            double[] q = LogProbs.of(activations.logits());
            Map<String, Double> meters = new LinkedHashMap<>();
            meters.put("forward_kl", clamped(LogProbs.of(logits), q, Images.CLASSES));
            meters.put("forward_kl_unclamped", mean(divergences.forwardKl()));
            meters.put("reverse_kl", mean(divergences.reverseKl()));
            meters.put("jensen_shannon", mean(divergences.jensenShannon()));
            meters.put("total_variation", mean(divergences.totalVariation()));
            meters.put("l2", mean(divergences.l2()));
            activations(activations.hidden(), meters);
            return new Result(accuracy(q), meters);
        }
    }

    /// The mean over the images of KL(base || model) alone, unclamped.
    double forwardKl(Parameters model) {
        try (NDScope _ = new NDScope()) {
            NDArray now = Mlp.forward(model, images.inputs()).logits();
            return mean(Divergences.between(logits, identity, now, identity).forwardKl());
        }
    }

    /// Overwrites `gradient` with that of the task's loss at `model`: the mean over the images of `-log` of the
    /// probability of all right labels.
    void gradient(Parameters model, Parameters gradient) {
        try (NDScope _ = new NDScope()) {
            Mlp.Activations activations = Mlp.forward(model, images.inputs());
            double[] logProbs = LogProbs.of(activations.logits());
            float[] byLogits = new float[logProbs.length];
            for (int row = 0; row < images.size(); row++) {
                int at = row * Images.CLASSES;
                double rightMass = 0;
                for (int y = 0; y < Images.CLASSES; y++) {
                    rightMass += isRight(row, y) ? Math.exp(logProbs[at + y]) : 0;
                }
                for (int y = 0; y < Images.CLASSES; y++) {
                    double p = Math.exp(logProbs[at + y]);
                    double target = isRight(row, y) && rightMass > 0 ? p / rightMass : 0;
                    byLogits[at + y] = (float) ((p - target) / images.size());
                }
            }
            NDArray tensor = identity.weight()
                    .getManager()
                    .create(byLogits, activations.logits().getShape());
            Mlp.gradient(model, activations, tensor, gradient);
        }
    }

    private boolean isRight(int row, int said) {
        int label = images.labels()[row];
        return parity ? Images.sameParity(label, said) : said == label;
    }

    private void activations(List<NDArray> now, Map<String, Double> meters) {
        double l1 = 0;
        double l2 = 0;
        for (int i = 0; i < hidden.size(); i++) {
            NDArray change = now.get(i).sub(hidden.get(i)); // [n, n(i)]
            l1 += change.abs().mean().getFloat() / hidden.size();
            l2 += change.square().mean(new int[] {1}).sqrt().mean().getFloat() / hidden.size();
        }
        meters.put("activation_l1", l1);
        meters.put("activation_l2", l2);
    }

    /// The share of images whose likeliest class is right.
    double accuracy(double[] logProbs) {
        int right = 0;
        for (int i = 0; i < images.size(); i++) {
            right += isRight(i, LogProbs.best(logProbs, i * Images.CLASSES, Images.CLASSES)) ? 1 : 0;
        }
        return (double) right / images.size();
    }

    /// The mean over rows of the forward KL with both distributions raised to 1e-10.
    static double clamped(double[] logP, double[] logQ, int classes) {
        double sum = 0;
        for (int i = 0; i < logP.length; i++) {
            double p = Math.max(Math.exp(logP[i]), CLAMP);
            double q = Math.max(Math.exp(logQ[i]), CLAMP);
            sum += p * Math.log(p / q);
        }
        return sum * classes / logP.length;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }
}
