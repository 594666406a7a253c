package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.DataException;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures how alike two models represent a set of texts, by [KernelAlignment] of each layer's states.
///
/// @param neighbours `k` of CKNNA
/// @param batchSize texts computed together
public record RepresentationMeter(int neighbours, Pooling pooling, int batchSize) {

    /// Computes all texts with both models; memory is `2 (L + 1) n D` float32 and `2 n^2` float64 for `n` texts.
    ///
    /// @param texts tokens of each
    /// @throws DataException if there are no more texts than neighbours
    public RepresentationChange measure(
            PretrainedModel base, PretrainedModel model, List<int[]> texts, Progress progress) {
        if (texts.size() <= neighbours) {
            throw new DataException(
                    "representations: %d neighbours of a text need at least %d texts, got %d; give more texts, or take fewer neighbours"
                            .formatted(neighbours, neighbours + 1, texts.size()));
        }
        StatePairs pairs = new StatePairs(base, model, batchSize);
        List<String> names = pairs.names();
        try (NDManager ofBase = base.manager().newSubManager();
                NDManager ofModel = model.manager().newSubManager();
                GradMode _ = GradMode.off()) {
            List<NDArray> x = new ArrayList<>();
            List<NDArray> y = new ArrayList<>();
            for (int layer = 0; layer < names.size(); layer++) {
                x.add(store(ofBase, base, texts.size()));
                y.add(store(ofModel, model, texts.size()));
            }
            pairs.forEachBatch(texts, "representations", progress, batch -> {
                for (int layer = 0; layer < names.size(); layer++) {
                    put(x.get(layer), batch, batch.base().get(layer));
                    put(y.get(layer), batch, batch.model().get(layer));
                }
            });
            List<RepresentationChange.Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < names.size(); layer++) {
                KernelAlignment alignment = KernelAlignment.of(kernel(x.get(layer)), kernel(y.get(layer)), neighbours);
                layers.add(new RepresentationChange.Layer(names.get(layer), alignment));
                progress.update("alignment", layer + 1, names.size(), "");
            }
            return new RepresentationChange(layers, texts.size(), neighbours, pooling);
        }
    }

    private static NDArray store(NDManager manager, PretrainedModel model, int texts) {
        return Tensors.empty(manager, Dtype.FLOAT32, texts, model.shape().hiddenSize());
    }

    /// @param states `[B, T, D]`
    private void put(NDArray store, StatePairs.Batch batch, NDArray states) {
        NDManager manager = states.getManager();
        long[] rows = batch.texts().stream().mapToLong(Integer::longValue).toArray();
        Aten.indexCopyInPlace(store, 0, manager.create(rows), pooled(states, batch.lengths()));
    }

    /// `[B, T, D] -> [B, D]`.
    private NDArray pooled(NDArray states, int[] lengths) {
        NDManager manager = states.getManager();
        long width = states.getShape().get(1);
        float[] weights = new float[Math.toIntExact(lengths.length * width)];
        for (int b = 0; b < lengths.length; b++) {
            int from = Math.toIntExact(b * width);
            switch (pooling) {
                case MEAN -> Arrays.fill(weights, from, from + lengths[b], 1f / lengths[b]);
                case LAST -> weights[from + lengths[b] - 1] = 1;
            }
        }
        NDArray mask = manager.create(weights, new Shape(lengths.length, 1, width)); // [B, 1, T]
        return mask.matMul(states).squeeze(1); // [B, D]
    }

    /// `x x^T` in float64, `[n, n]`.
    private static double[][] kernel(NDArray x) {
        try (NDScope _ = new NDScope()) {
            NDArray exact = Aten.to(x, Dtype.FLOAT64); // [n, D]
            double[] flat = exact.matMul(Aten.transpose(exact, 0, 1)).toDoubleArray();
            int n = Math.toIntExact(x.getShape().get(0));
            double[][] kernel = new double[n][];
            for (int i = 0; i < n; i++) {
                kernel[i] = Arrays.copyOfRange(flat, i * n, (i + 1) * n);
            }
            return kernel;
        }
    }
}
