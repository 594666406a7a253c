package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.NotNumbers;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import java.util.List;

/// Chooses the next token of each sequence from its logits, by inverting the cumulative distribution at a uniform
/// number `u` that only the sequence's seed and the position decide:
///
/// ```
/// p = softmax(logits / temperature)    in float32;     sorted from the largest down where top_k or top_p cut
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

    /// Chooses the next token of each draft, from its row of `logits`, `[B, V]` float32.
    Choice choose(NDArray logits, List<Draft> drafts) {
        double[] u = drafts.stream()
                .mapToDouble(draft -> Draws.uniform(draft.seed(), draft.length()))
                .toArray();
        return choose(logits, u);
    }

    /// Chooses for each row of `logits`, `[B, V]` float32, by its number `u` in `[0, 1)`.
    ///
    /// @throws dev.razor.core.base.CheckpointException if logits are not numbers
    Choice choose(NDArray logits, double[] u) {
        NDArray scaled =
                options.temperature() == 0 || options.temperature() == 1 ? logits : logits.div(options.temperature());
        NDArray logP = Aten.logSoftmaxLast(scaled); // [B, V]
        NDArray tokens = options.temperature() == 0
                ? Aten.argmaxLast(logits) // [B]
                : sample(logP, logits.getManager().create(u, new Shape(u.length, 1)));
        NDArray chosen = Aten.gather(logP, 1, tokens.reshape(u.length, 1)); // [B, 1]
        float[] logProbs = chosen.toFloatArray();
        for (float logProb : logProbs) {
            NotNumbers.refuse(logProb, "generation", "log-probability of a token");
        }
        return new Choice(tokens.toLongArray(), logProbs);
    }

    private NDArray sample(NDArray logP, NDArray u) {
        boolean cut = options.topP() < 1 || options.topK() > 0;
        if (!cut) {
            return invert(Aten.to(logP.exp(), Dtype.FLOAT64), u);
        }
        NDArray[] sorted = Aten.sortDescendingLast(logP);
        NDArray p = sorted[0].exp(); // [B, V], largest first
        if (options.topK() > 0 && options.topK() < p.getShape().get(1)) {
            p = Aten.narrow(p, 1, 0, options.topK());
        }
        p = Aten.to(p, Dtype.FLOAT64);
        if (options.topP() < 1) {
            NDArray total = p.sum(new int[] {-1}, true); // [B, 1]
            NDArray massBefore = p.cumSum(1).sub(p).div(total);
            p = p.mul(massBefore.lt(options.topP()).toType(DataType.FLOAT64, false));
        }
        NDArray rank = invert(p, u).reshape(-1, 1);
        return Aten.gather(sorted[1], 1, rank).reshape(-1); // [B]
    }

    /// The first column whose cumulative sum exceeds `u` times the whole: p `[B, V]`, u `[B, 1] -> [B]` int64.
    private static NDArray invert(NDArray p, NDArray u) {
        NDArray cumulative = p.cumSum(1);
        long last = p.getShape().get(1) - 1;
        NDArray whole = Aten.narrow(cumulative, 1, last, 1);
        return Aten.firstAbove(cumulative, whole.mul(u)).minimum(last).reshape(-1);
    }
}
