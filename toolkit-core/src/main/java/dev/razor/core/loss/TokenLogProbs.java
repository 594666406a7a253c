package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;

/// Log-probabilities of given tokens, and the backward pass through them, in chunks of the vocabulary projection:
///
/// ```
/// logp_m = logSoftmax(h_m W^T / temperature)[target_m]                 softmax in float32
/// ```
///
/// The logits `[M, V]` of a whole batch never exist at once: a chunk's logits are made, used and freed.
///
/// Any loss of the tokens' log-probabilities is trained in the same way: `L(logp_1 .. logp_M)` is
/// differentiated by hand to `w_m = dL / dlogp_m`, and [#backward] carries the weights `w` on through
/// projection and model. So a loss is a few lines of arithmetic on plain numbers, and a test can check it
/// without a model.
///
/// @param head the projection, weight `[V, D]`
/// @param temperature what logits are divided by
/// @param chunkTokens predictions whose logits exist at a time
public record TokenLogProbs(Linear head, double temperature, int chunkTokens) {

    /// Float32 logits that a chunk may have: 128 MiB for each tensor of their shape.
    private static final long CHUNK_LOGITS = 1L << 25;

    public TokenLogProbs {
        Check.that(temperature > 0, "temperature must be positive, got %s", temperature);
        Check.that(chunkTokens > 0, "chunkTokens must be positive, got %d", chunkTokens);
    }

    /// Plain log-probabilities (temperature 1) with chunks of bounded memory.
    public static TokenLogProbs of(Linear head) {
        return of(head, 1);
    }

    /// Log-probabilities at a temperature with chunks of bounded memory.
    public static TokenLogProbs of(Linear head, double temperature) {
        long vocabulary = head.weight().getShape().get(0);
        return new TokenLogProbs(head, temperature, chunkTokens(vocabulary));
    }

    /// Predictions a chunk of bounded memory has.
    public static int chunkTokens(long vocabulary) {
        return Math.clamp(CHUNK_LOGITS / vocabulary, 16, 4096);
    }

    /// What is known of `M` predictions.
    ///
    /// @param logProbs in nats
    /// @param greedy whether the target is the most probable token
    /// @param entropies of the whole distribution, in nats; empty if not asked for
    public record Scores(float[] logProbs, boolean[] greedy, float[] entropies) {}

    /// Scores predictions without recording anything for a backward pass.
    ///
    /// @param hidden `[M, D]`
    /// @param targets `[M]`
    public Scores score(NDArray hidden, long[] targets, boolean withEntropies) {
        int count = targets.length;
        float[] logProbs = new float[count];
        boolean[] greedy = new boolean[count];
        float[] entropies = new float[withEntropies ? count : 0];
        try (GradMode _ = GradMode.off()) {
            for (int start = 0; start < count; start += chunkTokens) {
                try (NDScope _ = new NDScope()) {
                    int size = Math.min(chunkTokens, count - start);
                    NDArray logP = logSoftmax(Aten.narrow(Aten.detach(hidden), 0, start, size)); // [C, V]
                    float[] chosen = pick(logP, Arrays.copyOfRange(targets, start, start + size))
                            .toFloatArray();
                    System.arraycopy(chosen, 0, logProbs, start, size);
                    long[] best = Aten.argmaxLast(logP).toLongArray();
                    for (int i = 0; i < size; i++) {
                        greedy[start + i] = best[i] == targets[start + i];
                    }
                    if (withEntropies) {
                        NDArray entropy =
                                logP.exp().mul(logP).sum(new int[] {-1}).neg(); // [C]
                        System.arraycopy(entropy.toFloatArray(), 0, entropies, start, size);
                    }
                }
            }
        }
        return new Scores(logProbs, greedy, entropies);
    }

    /// Back-propagates `sum_m weights_m logp_m` into the projection's weight and into the hidden states and what
    /// lies below them.
    ///
    /// @param pass hidden states `[M, D]`; this call uses it up
    /// @param targets `[M]`
    /// @param weights `[M]` the derivative of the loss by each log-probability
    /// @return the log-probabilities `[M]`
    public float[] backward(ForwardPass pass, long[] targets, float[] weights) {
        int count = targets.length;
        Check.that(weights.length == count, "%d weights for %d predictions", weights.length, count);
        float[] logProbs = new float[count];
        HeadChunks.backward(pass, chunkTokens, (leaf, start, size) -> {
            NDArray chosen;
            try (GradMode _ = GradMode.on()) {
                chosen = pick(logSoftmax(leaf), Arrays.copyOfRange(targets, start, start + size));
            }
            System.arraycopy(chosen.toFloatArray(), 0, logProbs, start, size);
            float[] chunk = Arrays.copyOfRange(weights, start, start + size);
            Tensors.backward(chosen, manager(leaf).create(chunk, new Shape(size, 1)));
        });
        return logProbs;
    }

    private NDArray logSoftmax(NDArray hidden) {
        NDArray logits = Aten.to(head.apply(hidden), Dtype.FLOAT32); // [C, V]
        return Aten.logSoftmaxLast(temperature == 1 ? logits : Aten.over(logits, temperature));
    }

    /// `[C, V], [C] -> [C, 1]`.
    private static NDArray pick(NDArray logP, long[] targets) {
        return Aten.gather(logP, 1, manager(logP).create(targets, new Shape(targets.length, 1)));
    }

    private static NDManager manager(NDArray array) {
        return array.getManager();
    }
}
