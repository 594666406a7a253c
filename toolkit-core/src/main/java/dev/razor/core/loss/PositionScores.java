package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;

/// Log-probabilities of tokens of which several may be asked for at one position, without gradients:
///
/// ```
/// logp_i = logSoftmax(h[rows_i] W^T)[targets_i]                        softmax in float32
/// ```
///
/// The distribution of a position is computed once, however many tokens are asked for there. As in
/// [TokenLogProbs] the logits exist in chunks only.
public final class PositionScores {

    private PositionScores() {}

    /// Scores `n` tokens.
    ///
    /// @param head the projection, weight `[V, D]`
    /// @param hidden `[M, D]`
    /// @param rows `[n]` where each token is predicted, ascending
    /// @param targets `[n]` the tokens
    /// @return in the order of `targets`; no entropies
    public static TokenLogProbs.Scores of(Linear head, NDArray hidden, int[] rows, long[] targets) {
        Check.that(rows.length == targets.length, "%d rows for %d targets", rows.length, targets.length);
        int positions = Math.toIntExact(hidden.getShape().get(0));
        long vocabulary = head.weight().getShape().get(0);
        int chunk = TokenLogProbs.chunkTokens(vocabulary);
        float[] logProbs = new float[rows.length];
        boolean[] greedy = new boolean[rows.length];
        int from = 0;
        for (int start = 0; start < positions; start += chunk) {
            int size = Math.min(chunk, positions - start);
            int to = from;
            while (to < rows.length && rows[to] < start + size) {
                to++;
            }
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                NDArray logits = Aten.to(head.apply(Aten.narrow(hidden, 0, start, size)), Dtype.FLOAT32); // [C, V]
                NDArray logP = Aten.logSoftmaxLast(logits);
                long[] best = Aten.argmaxLast(logP).toLongArray();
                long[] cells = new long[to - from];
                for (int i = from; i < to; i++) {
                    int row = rows[i] - start;
                    Check.that(0 <= row && row < size, "rows must ascend within the positions, got %d", rows[i]);
                    cells[i - from] = row * vocabulary + targets[i];
                    greedy[i] = best[row] == targets[i];
                }
                if (cells.length > 0) {
                    NDArray flat = logP.reshape(size * vocabulary);
                    float[] chosen = Aten.indexSelect(
                                    flat, 0, hidden.getManager().create(cells))
                            .toFloatArray();
                    System.arraycopy(chosen, 0, logProbs, from, chosen.length);
                }
            }
            from = to;
        }
        Check.that(from == rows.length, "rows must be below %d, got %s", positions, Arrays.toString(rows));
        return new TokenLogProbs.Scores(logProbs, greedy, new float[0]);
    }
}
