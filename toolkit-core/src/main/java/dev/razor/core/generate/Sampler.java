package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;

/// Chooses the next token of each sequence from its logits, by inverting the cumulative distribution at a uniform
/// number `u` that only the sequence's seed and the position decide:
///
/// ```
/// p = softmax(logits / temperature)                          sorted from the largest down where top_k or top_p cut
/// p = p [rank < top_k], normalised;  p = p [mass before it < top_p]
/// token = the first with  cumulative sum of p > u sum(p)     in float64
/// ```
///
/// The order of the cuts is that of transformers: temperature, `top_k`, `top_p`.
///
/// @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2019</a> for `top_p`
final class Sampler {

    private final SamplingOptions options;

    Sampler(SamplingOptions options) {
        this.options = options;
    }

    /// The tokens chosen and their log-probabilities before any cut.
    record Choice(long[] tokens, float[] logProbs) {}

    /// Chooses for each row of `logits`, `[B, V]` float32, the token number `position` of the sequence named by
    /// `seeds`.
    Choice choose(NDArray logits, long[] seeds, int position) {
        NDArray scaled =
                options.temperature() == 0 || options.temperature() == 1 ? logits : logits.div(options.temperature());
        NDArray logP = Aten.logSoftmaxLast(scaled); // [B, V]
        NDArray tokens = options.temperature() == 0
                ? Aten.argmaxLast(logits) // [B]
                : sample(logP, uniforms(logits.getManager(), seeds, position));
        NDArray chosen = Aten.gather(logP, 1, tokens.reshape(seeds.length, 1)); // [B, 1]
        return new Choice(tokens.toLongArray(), chosen.toFloatArray());
    }

    private static NDArray uniforms(NDManager manager, long[] seeds, int position) {
        double[] u = new double[seeds.length];
        for (int b = 0; b < u.length; b++) {
            u[b] = Draws.uniform(seeds[b], position);
        }
        return manager.create(u, new Shape(u.length, 1));
    }

    private NDArray sample(NDArray logP, NDArray u) {
        boolean cut = options.topP() < 1 || options.topK() > 0;
        if (!cut) {
            return invert(Aten.to(logP, Dtype.FLOAT64).exp(), u);
        }
        NDArray[] sorted = Aten.sortDescendingLast(logP);
        NDArray p = Aten.to(sorted[0], Dtype.FLOAT64).exp(); // [B, V], largest first
        long vocabulary = p.getShape().get(1);
        if (options.topK() > 0 && options.topK() < vocabulary) {
            p = Aten.narrow(p, 1, 0, options.topK());
        }
        if (options.topP() < 1) {
            NDArray total = p.sum(new int[] {-1}, true); // [B, 1]
            NDArray massBefore = p.cumSum(1).sub(p).div(total);
            p = p.mul(massBefore.lt(options.topP()).toType(DataType.FLOAT64, false));
        }
        NDArray rank = invert(p, u); // [B]
        return Aten.gather(sorted[1], 1, rank.reshape(rank.getShape().get(0), 1))
                .reshape(rank.getShape());
    }

    /// The first column whose cumulative sum exceeds `u` times the whole: p `[B, V]`, u `[B, 1] -> [B]` int64.
    private static NDArray invert(NDArray p, NDArray u) {
        NDArray cumulative = p.cumSum(1);
        long last = p.getShape().get(1) - 1;
        NDArray whole = Aten.narrow(cumulative, 1, last, 1);
        NDArray below = cumulative.lte(whole.mul(u));
        return below.toType(DataType.INT64, false).sum(new int[] {1}).minimum(last);
    }
}
