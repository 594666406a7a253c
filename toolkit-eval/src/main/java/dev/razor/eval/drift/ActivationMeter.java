package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import dev.razor.core.base.Check;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures how far activations have moved on a set of texts; see [ActivationChange].
public final class ActivationMeter {

    private ActivationMeter() {}

    /// Computes all texts with both models, which must have one width and one number of layers.
    ///
    /// @param texts tokens of each, at least one
    /// @param batchSize texts computed together; all layers of both models are in memory for a batch
    /// @param seed of the resampling
    public static ActivationChange measure(
            PretrainedModel base,
            PretrainedModel model,
            List<int[]> texts,
            int batchSize,
            long seed,
            Progress progress) {
        Check.that(!texts.isEmpty(), "there must be at least one text");
        StatePairs pairs = new StatePairs(base, model, batchSize);
        List<String> names = pairs.names();
        double[][] l1 = new double[names.size()][texts.size()];
        double[][] l2 = new double[names.size()][texts.size()];
        pairs.forEachBatch(texts, "activations", progress, batch -> {
            for (int layer = 0; layer < names.size(); layer++) {
                NDArray change = batch.model().get(layer).sub(batch.base().get(layer)); // [B, T, D]
                add(l1[layer], batch, change.abs().mean(new int[] {-1}));
                add(l2[layer], batch, change.square().mean(new int[] {-1}).sqrt());
            }
        });
        List<ActivationChange.Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < names.size(); layer++) {
            layers.add(new ActivationChange.Layer(names.get(layer), mean(l1[layer]), mean(l2[layer])));
        }
        return new ActivationChange(
                layers,
                ActivationChange.Estimate.of(overLayers(l1), seed),
                ActivationChange.Estimate.of(overLayers(l2), seed),
                texts.size());
    }

    /// @param perToken `[B, T]`
    private static void add(double[] ofTexts, StatePairs.Batch batch, NDArray perToken) {
        float[] values = perToken.toFloatArray();
        int width = values.length / batch.lengths().length;
        for (int b = 0; b < batch.lengths().length; b++) {
            int length = batch.lengths()[b];
            double sum = 0;
            for (int t = 0; t < length; t++) {
                sum += values[b * width + t];
            }
            ofTexts[batch.texts().get(b)] = sum / length;
        }
    }

    private static double[] overLayers(double[][] values) {
        int layers = values.length - 1; // the last is the final norm
        double[] means = new double[values[0].length];
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < means.length; i++) {
                means[i] += values[layer][i] / layers;
            }
        }
        return means;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
