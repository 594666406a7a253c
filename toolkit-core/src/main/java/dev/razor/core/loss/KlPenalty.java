package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;

/// Log-probabilities of given tokens together with the KL divergence between a frozen base `p` and the model `q`
/// at each of them, exact over the vocabulary, and one backward pass through both:
///
/// ```
/// forward   KL_m = sum_v p_v (log p_v - log q_v)        dKL_m / dz_v = q_v - p_v
/// reverse   KL_m = sum_v q_v (log q_v - log p_v)        dKL_m / dz_v = q_v (log q_v - log p_v - KL_m)
/// logp_m  = log q[target_m]                           dlogp_m / dz_v = 1[v = target_m] - q_v
/// ```
///
/// with `z` the model's logits divided by the temperature. Softmax and derivatives are in float32, sums over the
/// vocabulary in float64; the base gets no gradient. Equal logits give a KL and a gradient of exactly zero.
///
/// As in [TokenLogProbs], a loss is a function of plain numbers, `L(logp_1 .., KL_1 ..)`, which the caller has
/// differentiated to a weight for each; a chunk's logits are made once for both, used and freed.
///
/// @param head the model's projection, weight `[V, D]`
/// @param baseHead the base's projection, weight `[V, D']`
/// @param temperature what the logits of both are divided by
/// @param chunkTokens predictions whose logits exist at a time
public record KlPenalty(Linear head, Linear baseHead, KlDirection direction, double temperature, int chunkTokens) {

    /// Float32 logits that a chunk may have: 32 MiB for each of about ten tensors of their shape.
    private static final long CHUNK_LOGITS = 1L << 23;

    public KlPenalty {
        Check.that(temperature > 0, "temperature must be positive, got %s", temperature);
        Check.that(chunkTokens > 0, "chunkTokens must be positive, got %d", chunkTokens);
        long vocabulary = head.weight().getShape().get(0);
        Check.that(
                vocabulary == baseHead.weight().getShape().get(0),
                "the models' vocabularies differ: %d and %d ids",
                baseHead.weight().getShape().get(0),
                vocabulary);
    }

    /// The penalty at a temperature, with chunks of bounded memory.
    public static KlPenalty of(Linear head, Linear baseHead, KlDirection direction, double temperature) {
        long vocabulary = head.weight().getShape().get(0);
        return new KlPenalty(head, baseHead, direction, temperature, Math.clamp(CHUNK_LOGITS / vocabulary, 16, 4096));
    }

    /// What is known of `M` predictions, both in nats.
    ///
    /// @param logProbs `[M]` of the targets under the model
    /// @param divergences `[M]` the KL at each position
    public record Result(float[] logProbs, double[] divergences) {}

    /// Back-propagates `sum_m weights_m logp_m + klWeights_m KL_m` into the projection's weight and into the
    /// hidden states and what lies below them.
    ///
    /// @param pass the model's hidden states `[M, D]`; this call uses it up
    /// @param baseHidden `[M, D']` the base's states at the same positions, on the same device
    /// @param targets `[M]`
    /// @param weights `[M]` the derivative of the loss by each log-probability
    /// @param klWeights `[M]` the derivative of the loss by each divergence
    public Result backward(ForwardPass pass, NDArray baseHidden, long[] targets, float[] weights, float[] klWeights) {
        int count = targets.length;
        Check.that(
                weights.length == count
                        && klWeights.length == count
                        && baseHidden.getShape().get(0) == count,
                "%d weights, %d KL weights and %d base states for %d predictions",
                weights.length,
                klWeights.length,
                baseHidden.getShape().get(0),
                count);
        Result result = new Result(new float[count], new double[count]);
        NDArray base = Aten.detach(baseHidden);
        HeadChunks.backward(pass, chunkTokens, (leaf, start, size) -> {
            NDArray logits;
            try (GradMode _ = GradMode.on()) {
                logits = logits(leaf, head); // [C, V]
            }
            try (GradMode _ = GradMode.off()) {
                NDArray logQ = Aten.logSoftmaxLast(Aten.detach(logits));
                NDArray logP = Aten.logSoftmaxLast(logits(Aten.narrow(base, 0, start, size), baseHead));
                Chunk chunk = new Chunk(
                        column(leaf, Arrays.copyOfRange(targets, start, start + size)),
                        column(leaf, Arrays.copyOfRange(weights, start, start + size)),
                        column(leaf, Arrays.copyOfRange(klWeights, start, start + size)));
                Tensors.backward(logits, derivative(logP, logQ, chunk, result, start));
            }
        });
        return result;
    }

    /// A chunk's targets and weights, each `[C, 1]`.
    private record Chunk(NDArray targets, NDArray weights, NDArray klWeights) {}

    /// Notes the chunk's values, and gives the derivative of the loss by its logits, `[C, V]`.
    private NDArray derivative(NDArray logP, NDArray logQ, Chunk chunk, Result result, int start) {
        float[] chosen = Aten.gather(logQ, 1, chunk.targets).toFloatArray();
        System.arraycopy(chosen, 0, result.logProbs, start, chosen.length);
        NDArray q = logQ.exp(); // [C, V]
        NDArray logRatio = logP.sub(logQ); // [C, V]
        NDArray mean = direction == KlDirection.FORWARD ? logP.exp() : q; // [C, V]
        NDArray divergence = divergence(mean, logRatio); // [C, 1]
        store(divergence, result.divergences, start);
        NDArray ofDivergence = switch (direction) {
            case FORWARD -> q.sub(mean);
            case REVERSE ->
                logRatio.add(Aten.to(divergence, Dtype.FLOAT32)).neg().mul(q);
        }; // [C, V]
        NDArray derivative = ofDivergence.mul(chunk.klWeights).sub(q.mul(chunk.weights)); // [C, V]
        Aten.scatterAddInPlace(derivative, 1, chunk.targets, chunk.weights);
        return derivative;
    }

    /// `sum_v mean_v (log p_v - log q_v)`, negated for the reverse direction: `[C, V] -> [C, 1]` float64.
    private NDArray divergence(NDArray mean, NDArray logRatio) {
        NDArray sum = Aten.to(mean.mul(logRatio), Dtype.FLOAT64).sum(new int[] {-1}, true);
        return direction == KlDirection.FORWARD ? sum : sum.neg();
    }

    private static void store(NDArray divergence, double[] divergences, int start) {
        double[] sums = divergence.toDoubleArray();
        for (int i = 0; i < sums.length; i++) {
            divergences[start + i] = Math.max(0, sums[i]); // rounding of a sum whose exact value is at least zero
        }
    }

    private NDArray logits(NDArray hidden, Linear projection) {
        NDArray logits = Aten.to(projection.apply(hidden), Dtype.FLOAT32);
        return temperature == 1 ? logits : Aten.over(logits, temperature);
    }

    private static NDArray column(NDArray like, long[] values) {
        NDManager manager = like.getManager();
        return manager.create(values, new Shape(values.length, 1));
    }

    private static NDArray column(NDArray like, float[] values) {
        NDManager manager = like.getManager();
        return manager.create(values, new Shape(values.length, 1));
    }
}
