package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;

/// How far the next-token distributions of a base model `p` and another model `q` lie apart at each position,
/// exact over the vocabulary, in nats where a logarithm is meant:
///
/// ```
/// forward KL        sum_v p_v (log p_v - log q_v)
/// reverse KL        sum_v q_v (log q_v - log p_v)
/// total variation   1/2 sum_v |p_v - q_v|
/// L2                sqrt(sum_v (p_v - q_v)^2)
/// Jensen-Shannon    1/2 KL(p || m) + 1/2 KL(q || m),  m = (p + q) / 2
/// ```
///
/// Everything after the logits is in float64: a small KL is a small difference of large sums. Equal logits give
/// zero exactly.
///
/// @param forwardKl `[M]` KL(base || model)
/// @param reverseKl `[M]` KL(model || base)
/// @param totalVariation `[M]` in `[0, 1]`
/// @param l2 `[M]`
/// @param jensenShannon `[M]` in `[0, log 2]`
/// @param baseEntropy `[M]`
/// @param modelEntropy `[M]`
public record Divergences(
        double[] forwardKl,
        double[] reverseKl,
        double[] totalVariation,
        double[] l2,
        double[] jensenShannon,
        double[] baseEntropy,
        double[] modelEntropy) {

    /// Float64 probabilities a chunk may have.
    private static final long CHUNK_ENTRIES = 1L << 23;

    /// Compares the predictions that `baseHidden` makes through `baseHead` with those of the other model.
    ///
    /// @param baseHidden `[M, D]`
    /// @param modelHidden `[M, D']`; the two heads must have the same vocabulary
    public static Divergences between(NDArray baseHidden, Linear baseHead, NDArray modelHidden, Linear modelHead) {
        return between(baseHidden, baseHead, modelHidden, modelHead, 1);
    }

    /// As above, of the distributions at a temperature.
    ///
    /// @param temperature what the logits of both are divided by
    public static Divergences between(
            NDArray baseHidden, Linear baseHead, NDArray modelHidden, Linear modelHead, double temperature) {
        long vocabulary = baseHead.weight().getShape().get(0);
        Check.that(
                vocabulary == modelHead.weight().getShape().get(0),
                "the models' vocabularies differ: %d and %d ids",
                vocabulary,
                modelHead.weight().getShape().get(0));
        int count = Math.toIntExact(baseHidden.getShape().get(0));
        Divergences result = new Divergences(
                new double[count],
                new double[count],
                new double[count],
                new double[count],
                new double[count],
                new double[count],
                new double[count]);
        int chunk = Math.clamp(CHUNK_ENTRIES / vocabulary, 16, 4096);
        try (GradMode _ = GradMode.off()) {
            for (int start = 0; start < count; start += chunk) {
                int size = Math.min(chunk, count - start);
                try (NDScope _ = new NDScope()) {
                    result.fill(
                            start,
                            logSoftmax(Aten.narrow(baseHidden, 0, start, size), baseHead, temperature),
                            logSoftmax(Aten.narrow(modelHidden, 0, start, size), modelHead, temperature));
                }
            }
        }
        return result;
    }

    private static NDArray logSoftmax(NDArray hidden, Linear head, double temperature) {
        NDArray logits = Aten.to(head.apply(hidden), Dtype.FLOAT64); // [C, V]
        return Aten.logSoftmaxLast(temperature == 1 ? logits : Aten.over(logits, temperature));
    }

    private void fill(int start, NDArray logP, NDArray logQ) {
        NDArray p = logP.exp();
        NDArray q = logQ.exp();
        NDArray logRatio = logP.sub(logQ);
        put(forwardKl, start, p.mul(logRatio));
        put(reverseKl, start, q.mul(logRatio.neg()));
        put(baseEntropy, start, p.mul(logP).neg());
        put(modelEntropy, start, q.mul(logQ).neg());
        NDArray difference = p.sub(q);
        put(totalVariation, start, difference.abs().mul(0.5));
        put(l2, start, difference.square());
        // log p - log m = -log((1 + q/p) / 2), which is 0 where p = q, as log p - log(exp(log p)) need not be. Beyond a
        // ratio of e^700 the smaller probability is too small to count and its ratio would overflow.
        NDArray bounded = logRatio.clip(-700, 700);
        NDArray aboveP = bounded.neg().exp().mul(0.5).add(0.5).log().neg();
        NDArray aboveQ = bounded.exp().mul(0.5).add(0.5).log().neg();
        put(jensenShannon, start, p.mul(aboveP).add(q.mul(aboveQ)).mul(0.5));
        for (int i = start; i < start + Math.toIntExact(logP.getShape().get(0)); i++) {
            l2[i] = Math.sqrt(l2[i]);
            // Rounding of a sum whose exact value is at least zero.
            forwardKl[i] = Math.max(0, forwardKl[i]);
            reverseKl[i] = Math.max(0, reverseKl[i]);
            jensenShannon[i] = Math.max(0, jensenShannon[i]);
        }
    }

    private static void put(double[] target, int start, NDArray terms) {
        double[] sums = terms.sum(new int[] {-1}).toDoubleArray();
        System.arraycopy(sums, 0, target, start, sums.length);
    }
}
