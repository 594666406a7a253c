package dev.razor.core.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.tensor.Aten;
import java.util.List;

/// Sequences side by side, padded on the right, and the next-token predictions that are wanted of them.
///
/// The `M` predictions stand in the order of the sequences, then of time.
///
/// @param size sequences, `B`
/// @param width tokens of the longest, `T`
/// @param tokens `[B T]` ids, padded with 0
/// @param at `[M]` where each prediction is made, as `b T + t`
/// @param targets `[M]` the token to predict
/// @param length tokens of all sequences, padding not counted
public record TokenBatch(int size, int width, long[] tokens, long[] at, long[] targets, int length) {

    public static TokenBatch of(List<TokenSequence> sequences) {
        Check.that(!sequences.isEmpty(), "a batch needs at least one sequence");
        int width = sequences.stream().mapToInt(TokenSequence::length).max().orElseThrow();
        int predictions =
                sequences.stream().mapToInt(TokenSequence::predictions).sum();
        long[] tokens = new long[sequences.size() * width];
        long[] at = new long[predictions];
        long[] targets = new long[predictions];
        int m = 0;
        for (int b = 0; b < sequences.size(); b++) {
            TokenSequence sequence = sequences.get(b);
            for (int t = 0; t < sequence.length(); t++) {
                tokens[b * width + t] = sequence.ids()[t];
                if (t > 0 && sequence.marked()[t]) {
                    at[m] = (long) b * width + t - 1;
                    targets[m] = sequence.ids()[t];
                    m++;
                }
            }
        }
        int length = sequences.stream().mapToInt(TokenSequence::length).sum();
        return new TokenBatch(sequences.size(), width, tokens, at, targets, length);
    }

    /// How many predictions are wanted, `M`.
    public int predictions() {
        return at.length;
    }

    /// The hidden states that make the wanted predictions, `[M, D]`, in the graph if gradients are on.
    public NDArray hidden(CausalLm model, NDManager manager) {
        NDArray ids = manager.create(tokens, new Shape(size, width));
        NDArray hidden = model.hidden(ids, new AttentionContext.Causal()); // [B, T, D]
        NDArray flat = hidden.reshape((long) size * width, hidden.getShape().get(2));
        return Aten.indexSelect(flat, 0, manager.create(at)); // [M, D]
    }
}
