package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;

/// Log-probabilities of tokens of which several may be asked for at one position, without gradients:
///
/// ```
/// z      = h[rows_i] W^T                                       float32 (float64 of a float64 model)
/// logp_i = z[targets_i] - max z - log sum_v exp(z_v - max z)    powers in z's type, the rest in float64
/// ```
///
/// The distribution of a position is computed once, however many tokens are asked for there. As in
/// [TokenLogProbs] the logits exist in chunks only.
public final class PositionScores {

    private PositionScores() {}

    /// What is known of `n` tokens.
    ///
    /// @param logProbs in nats, in float64: each value of a float32 softmax is rounded to some 1e-6 of a nat,
    /// and a score is a sum of many
    /// @param greedy whether the token is the most probable one of its position
    public record Result(double[] logProbs, boolean[] greedy) {}

    /// Scores `n` tokens.
    ///
    /// @param head the projection, weight `[V, D]`
    /// @param hidden `[M, D]`
    /// @param rows `[n]` where each token is predicted, ascending
    /// @param targets `[n]` the tokens
    /// @return in the order of `targets`
    public static Result of(Linear head, NDArray hidden, int[] rows, long[] targets) {
        Check.that(rows.length == targets.length, "%d rows for %d targets", rows.length, targets.length);
        int positions = Math.toIntExact(hidden.getShape().get(0));
        long vocabulary = head.weight().getShape().get(0);
        int chunk = TokenLogProbs.chunkTokens(vocabulary);
        double[] logProbs = new double[rows.length];
        boolean[] greedy = new boolean[rows.length];
        Dtype dtype = Tensors.dtype(hidden).ofSums();
        int from = 0;
        for (int start = 0; start < positions; start += chunk) {
            int size = Math.min(chunk, positions - start);
            int to = from;
            while (to < rows.length && rows[to] < start + size) {
                to++;
            }
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                NDArray logits = Aten.to(head.apply(Aten.narrow(hidden, 0, start, size)), dtype); // [C, V]
                NDArray first = Aten.argmaxLast(logits); // [C]
                long[] best = first.toLongArray();
                NDArray highest = Aten.gather(logits, 1, first.reshape(size, 1)); // [C, 1]
                NDArray powers = logits.sub(highest).exp(); // [C, V]
                double[] sums =
                        Aten.to(powers, Dtype.FLOAT64).sum(new int[] {-1}).toDoubleArray();
                double[] tops = Aten.to(highest, Dtype.FLOAT64).toDoubleArray();
                long[] cells = new long[to - from];
                for (int i = from; i < to; i++) {
                    int row = rows[i] - start;
                    Check.that(0 <= row && row < size, "rows must ascend within the positions, got %d", rows[i]);
                    cells[i - from] = row * vocabulary + targets[i];
                    greedy[i] = best[row] == targets[i];
                }
                if (cells.length > 0) {
                    NDArray flat = logits.reshape(size * vocabulary);
                    NDArray index = hidden.getManager().create(cells);
                    double[] chosen = Aten.to(Aten.indexSelect(flat, 0, index), Dtype.FLOAT64)
                            .toDoubleArray();
                    for (int i = from; i < to; i++) {
                        int row = rows[i] - start;
                        logProbs[i] = (chosen[i - from] - tops[row]) - Math.log(sums[row]);
                    }
                }
            }
            from = to;
        }
        Check.that(from == rows.length, "rows must be below %d, got %s", positions, Arrays.toString(rows));
        return new Result(logProbs, greedy);
    }
}
