package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;

/// The keys and values of some prompts, gathered in one forward pass over them, `[U, T]` padded on the right. The
/// sequences that begin with a prompt take a copy each ([KvCache#admit]), at once or one after the other.
///
/// Shapes: `L` layers, `U` prompts, `T` tokens of the longest, `G` key/value heads, `K` channels a head.
public final class PromptCache implements AttentionContext, AutoCloseable {

    private final int[] lengths; // [U]
    private final NDArray cells; // [2 L, U, G, T, K], as in KvCache

    PromptCache(NDManager manager, Dtype dtype, int layers, int[] lengths, int keyValueHeads, int headDim) {
        Check.that(lengths.length > 0, "there is no prompt");
        this.lengths = lengths.clone();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        cells = Tensors.empty(manager, dtype, 2L * layers, lengths.length, keyValueHeads, longest, headDim);
        NDScope.unregister(cells);
    }

    /// Tokens of prompt `row`.
    public int length(int row) {
        return lengths[row];
    }

    /// All layers' keys and values of prompt `row`, `[2 L, 1, G, length, K]`, a view.
    NDArray row(int row) {
        return Aten.narrow(Aten.narrow(cells, 1, row, 1), 3, 0, lengths[row]);
    }

    @Override
    public Rope.Rotation rotation(Rope rope, long length) {
        return rope.first(length);
    }

    @Override
    public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
        Aten.copyInPlace(KvCache.slice(cells, 2 * layer), key);
        Aten.copyInPlace(KvCache.slice(cells, 2 * layer + 1), value);
        return Aten.causalAttention(query, key, value);
    }

    @Override
    public void close() {
        cells.close();
    }
}
