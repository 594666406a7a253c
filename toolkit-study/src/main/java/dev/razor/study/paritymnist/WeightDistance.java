package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// How far a model's weights are from a base's, `d` over all `n` of them:
///
/// ```
/// weight_l1          sum_i |d_i| / n
/// weight_fisher_l2   sum_i F_i d_i^2            F: the base's diagonal Fisher information
/// weight_spectral    sum over matrices of sigma_max(d)
/// weight_sparsity    share of the d_i that are zero
/// weight_rank        mean over matrices of rank(d) / min(rows, columns)
/// ```
///
/// The rank counts the singular values above `sigma_max max(rows, columns) 2^-23`, as PyTorch's `matrix_rank`
/// does. The paper gives no formulas for these; the first three are those of its public replication.
final class WeightDistance {

    /// Names the labels that the Fisher information is taken over among all other draws.
    private static final long FISHER = 0x4649_5348L;

    private static final double FLOAT32_EPSILON = 0x1p-23;

    private final Parameters base;
    private final NDArray fisher;

    /// @param manager owns the Fisher information
    /// @param inputs `[m, n0]` the images that it is the mean over
    WeightDistance(NDManager manager, Parameters base, NDArray inputs, long seed) {
        this.base = base;
        Parameters diagonal = fisher(manager, base, inputs, seed);
        this.fisher = diagonal.flat();
    }

    /// The diagonal of the Fisher information: the mean over `inputs`, with one label `y` drawn from the model
    /// for each, of the squared gradient of `log p(y)`, example by example:
    ///
    /// ```
    /// F(W(i)) = 1/m (d(i)^2)^T h(i)^2,  F(b(i)) = 1/m sum of d(i)^2
    /// ```
    ///
    /// since an example's gradient of a matrix is the outer product of `d(i)` and `h(i)`.
    static Parameters fisher(NDManager manager, Parameters base, NDArray inputs, long seed) {
        Parameters diagonal = Parameters.zeros(manager, base.sizes());
        try (GradMode _ = GradMode.off();
                NDScope _ = new NDScope()) {
            Mlp.Activations activations = Mlp.forward(base, inputs);
            double[] logProbs = LogProbs.of(activations.logits());
            int count = Math.toIntExact(inputs.getShape().get(0));
            int classes = logProbs.length / count;
            float[] byLogits = new float[logProbs.length];
            RandomGenerator random = Draws.generator(seed, FISHER);
            double[] probabilities = new double[classes];
            for (int row = 0; row < count; row++) {
                for (int y = 0; y < classes; y++) {
                    probabilities[y] = Math.exp(logProbs[row * classes + y]);
                }
                int label = Objective.draw(random.nextDouble(), probabilities, 0, classes);
                for (int y = 0; y < classes; y++) {
                    byLogits[row * classes + y] = (float) ((y == label ? 1 : 0) - probabilities[y]);
                }
            }
            NDArray gradient = manager.create(byLogits, activations.logits().getShape());
            Mlp.sumOverBatch(
                    Mlp.backward(base, activations, gradient).stream()
                            .map(NDArray::square)
                            .toList(),
                    activations.inputs().stream().map(NDArray::square).toList(),
                    diagonal);
            diagonal.flat().divi(count);
        }
        return diagonal;
    }

    /// The distances of `model`.
    Map<String, Double> measure(Parameters model) {
        try (NDScope _ = new NDScope()) {
            NDArray change = model.flat().sub(base.flat());
            Map<String, Double> meters = new LinkedHashMap<>();
            meters.put("weight_l1", (double) change.abs().mean().getFloat());
            meters.put("weight_fisher_l2", (double)
                    fisher.mul(change).mul(change).sum().getFloat());
            double spectral = 0;
            double rank = 0;
            int matrices = model.weights().size();
            for (int i = 0; i < matrices; i++) {
                NDArray difference = model.weights().get(i).sub(base.weights().get(i));
                float[] sigma = Aten.singularValues(difference).toFloatArray();
                double least = sigma[0]
                        * FLOAT32_EPSILON
                        * Math.max(
                                difference.getShape().get(0),
                                difference.getShape().get(1));
                int above = 0;
                for (float value : sigma) {
                    above += value > least ? 1 : 0;
                }
                spectral += sigma[0];
                rank += (double) above / sigma.length / matrices;
            }
            meters.put("weight_spectral", spectral);
            meters.put("weight_sparsity", (double)
                    Aten.to(change.eq(0), Dtype.FLOAT32).mean().getFloat());
            meters.put("weight_rank", rank);
            return meters;
        }
    }
}
