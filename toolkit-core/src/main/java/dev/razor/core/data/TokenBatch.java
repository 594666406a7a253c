package dev.razor.core.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.List;

/// Sequences computed together, and the next-token predictions that are wanted of them.
///
/// They lie side by side, padded on the right ([#of]), or end to end in one row without any padding ([#packed]);
/// what is computed of a sequence is the same. The `M` predictions stand in the order of the sequences, then of
/// time.
///
/// @param size rows, `B`
/// @param width tokens of a row, `T`
/// @param tokens `[B T]` ids, padded with 0
/// @param at `[M]` where each prediction is made, as `b T + t`
/// @param targets `[M]` the token to predict
/// @param starts of a packed batch: where each sequence begins in its row, and behind them where the last one
///     ends; empty for sequences side by side
/// @param length tokens of all sequences, padding not counted
public record TokenBatch(int size, int width, long[] tokens, long[] at, long[] targets, int[] starts, int length) {

    /// Side by side.
    public static TokenBatch of(List<TokenSequence> sequences) {
        int width = sequences.stream().mapToInt(TokenSequence::length).max().orElse(0);
        int[] offsets = new int[sequences.size()];
        for (int b = 0; b < offsets.length; b++) {
            offsets[b] = b * width;
        }
        return laidOut(sequences, sequences.size(), width, offsets, new int[0]);
    }

    /// End to end.
    public static TokenBatch packed(List<TokenSequence> sequences) {
        int[] starts = new int[sequences.size() + 1];
        for (int i = 0; i < sequences.size(); i++) {
            starts[i + 1] = starts[i] + sequences.get(i).length();
        }
        return laidOut(sequences, 1, starts[sequences.size()], starts, starts);
    }

    private static TokenBatch laidOut(List<TokenSequence> sequences, int size, int width, int[] offsets, int[] starts) {
        Check.that(!sequences.isEmpty(), "a batch needs at least one sequence");
        int predictions =
                sequences.stream().mapToInt(TokenSequence::predictions).sum();
        long[] tokens = new long[size * width];
        long[] at = new long[predictions];
        long[] targets = new long[predictions];
        int m = 0;
        for (int i = 0; i < sequences.size(); i++) {
            TokenSequence sequence = sequences.get(i);
            for (int t = 0; t < sequence.length(); t++) {
                tokens[offsets[i] + t] = sequence.ids()[t];
                if (t > 0 && sequence.marked()[t]) {
                    at[m] = (long) offsets[i] + t - 1;
                    targets[m] = sequence.ids()[t];
                    m++;
                }
            }
        }
        int length = sequences.stream().mapToInt(TokenSequence::length).sum();
        return new TokenBatch(size, width, tokens, at, targets, starts, length);
    }

    /// How many sequences there are.
    public int sequences() {
        return starts.length == 0 ? size : starts.length - 1;
    }

    /// How many predictions are wanted, `M`.
    public int predictions() {
        return at.length;
    }

    /// The hidden states that make the wanted predictions, `[M, D]`, in the graph if gradients are on.
    public NDArray hidden(CausalLm model, NDManager manager) {
        return select(model.hidden(ids(manager), context(manager)), manager);
    }

    /// A forward pass for training whose hidden states, `[M, D]`, make the wanted predictions.
    ///
    /// @param recompute as in [CausalLm#forward]
    public ForwardPass forward(CausalLm model, NDManager manager, boolean recompute) {
        ForwardPass whole = model.forward(ids(manager), context(manager), recompute);
        NDArray selected;
        try (GradMode _ = GradMode.off()) {
            selected = select(whole.hidden(), manager);
        }
        return new ForwardPass() {

            @Override
            public NDArray hidden() {
                return selected;
            }

            @Override
            public void backward(NDArray gradient) {
                long[] shape = whole.hidden().getShape().getShape();
                NDArray rows = Tensors.zeros(manager, Tensors.dtype(gradient), (long) size * width, shape[2]);
                Aten.indexCopyInPlace(rows, 0, manager.create(at), gradient);
                whole.backward(rows.reshape(shape));
            }
        };
    }

    private NDArray ids(NDManager manager) {
        return manager.create(tokens, new Shape(size, width));
    }

    private AttentionContext context(NDManager manager) {
        if (starts.length == 0) {
            return new AttentionContext.Causal();
        }
        long[] positions = new long[width];
        int longest = 0;
        for (int i = 0; i + 1 < starts.length; i++) {
            for (int t = starts[i]; t < starts[i + 1]; t++) {
                positions[t] = (long) t - starts[i];
            }
            longest = Math.max(longest, starts[i + 1] - starts[i]);
        }
        return new AttentionContext.Packed(starts, manager.create(positions, new Shape(1, width)), longest);
    }

    /// `[B, T, D] -> [M, D]`.
    private NDArray select(NDArray hidden, NDManager manager) {
        NDArray flat = hidden.reshape((long) size * width, hidden.getShape().get(2));
        return Aten.indexSelect(flat, 0, manager.create(at));
    }
}
