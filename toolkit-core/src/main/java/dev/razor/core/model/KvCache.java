package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The keys and values of the sequences that are being written, each in a slot of its own, in memory taken once.
///
/// The live sequences fill the first slots, so that attention reads a view. One that ends gives its slot to the
/// last one, whose tokens are copied there; one that begins takes the slot after the last and a copy of its
/// prompt's keys and values ([PromptCache]). Nothing else is ever copied.
///
/// Shapes: `L` layers, `S` slots of which `B` are live, `C` tokens a slot, `N` query heads, `G` key/value heads,
/// `K` channels a head. All cells are one tensor, `[2 L, S, G, C, K]`: a layer's keys, then its values.
public final class KvCache implements AttentionContext, AutoCloseable {

    /// Slots are read up to a multiple of this many tokens: attention on CUDA wants rows of a mask to be aligned,
    /// and memory for the same shape can be taken again.
    private static final int BLOCK = 32;

    private final NDManager manager;
    private final Dtype dtype;
    private final int capacity;
    private final int keyValueHeads;
    private final int headDim;
    private final NDArray cells; // [2 L, S, G, C, K]
    private final List<NDArray> layers = new ArrayList<>(); // 2 L views [S, G, C, K]
    private final NDArray range; // [1, C], 0 1 2 ...
    private final int[] lengths; // [S], those of the live slots first
    private int live;
    private int cleared;
    private @Nullable Step step;

    /// What one forward pass adds: a token to each live sequence.
    ///
    /// @param positions `[B, 1]` where the new tokens stand
    /// @param rows `[B G]` the rows of `[S G C, K]` they are written to
    /// @param mask `[B, 1, 1, used]`
    private record Step(NDArray positions, int highest, NDArray rows, int used, NDArray mask) {}

    /// @param slots sequences that can be live together
    /// @param capacity tokens that a sequence may have
    public KvCache(
            NDManager manager, Dtype dtype, int layers, int slots, int capacity, int keyValueHeads, int headDim) {
        this.manager = manager;
        this.dtype = dtype;
        this.capacity = inBlocks(capacity);
        this.keyValueHeads = keyValueHeads;
        this.headDim = headDim;
        this.lengths = new int[slots];
        this.cells = Tensors.empty(manager, dtype, 2L * layers, slots, keyValueHeads, this.capacity, headDim);
        NDScope.unregister(cells);
        for (int i = 0; i < 2 * layers; i++) {
            NDArray layer = slice(cells, i);
            NDScope.unregister(layer);
            this.layers.add(layer);
        }
        long[] numbers = IntStream.range(0, this.capacity).asLongStream().toArray();
        this.range = manager.create(numbers, new Shape(1, this.capacity));
        NDScope.unregister(range);
    }

    /// Tokens for which a slot has memory where a sequence may have `tokens`.
    public static int inBlocks(int tokens) {
        return Math.ceilDiv(tokens, BLOCK) * BLOCK;
    }

    /// `[n, ...] -> [...]`, a view of slice `index`.
    static NDArray slice(NDArray x, int index) {
        try (NDArray kept = Aten.narrow(x, 0, index, 1)) {
            return kept.squeeze(0);
        }
    }

    /// Sequences that have a slot.
    public int live() {
        return live;
    }

    /// Slots that are not taken.
    public int free() {
        return lengths.length - live;
    }

    /// Tokens seen so far by the sequence in `slot`.
    public int length(int slot) {
        return lengths[slot];
    }

    /// Memory for the keys and values of prompts of these lengths, for a forward pass over them.
    public PromptCache forPrompts(int[] prompts) {
        return new PromptCache(manager, dtype, layers.size() / 2, prompts, keyValueHeads, headDim);
    }

    /// Gives the next `count` slots to sequences that begin with prompt `row` of `prompts`.
    public void admit(PromptCache prompts, int row, int count) {
        int length = prompts.length(row);
        Check.that(0 < count && count <= free(), "%d sequences for %d free slots", count, free());
        Check.that(length <= capacity, "a prompt of %d tokens does not fit slots of %d", length, capacity);
        clear(length);
        try (NDScope _ = new NDScope()) {
            NDArray slots = Aten.narrow(cells, 1, live, count);
            Aten.copyInPlace(Aten.narrow(slots, 3, 0, length), prompts.row(row)); // [2 L, count, G, length, K]
        }
        for (int i = 0; i < count; i++) {
            lengths[live++] = length;
        }
    }

    /// Ends the sequence in `slot`: the last live one moves there.
    public void release(int slot) {
        Check.that(0 <= slot && slot < live, "there is no sequence in slot %d of %d", slot, live);
        live--;
        if (slot == live) {
            return;
        }
        lengths[slot] = lengths[live];
        try (NDScope _ = new NDScope()) {
            NDArray used = Aten.narrow(cells, 3, 0, lengths[slot]);
            Aten.copyInPlace(Aten.narrow(used, 1, slot, 1), Aten.narrow(used, 1, live, 1));
        }
    }

    /// Prepares the next forward pass, over one new token of each live sequence, `[B, 1]`. Call [#finishStep]
    /// after.
    public void beginStep() {
        Check.that(live > 0, "no sequence is live");
        long[] positions = new long[live];
        long[] rows = new long[live * keyValueHeads];
        int highest = 0;
        for (int b = 0; b < live; b++) {
            Check.that(
                    lengths[b] < capacity,
                    "a sequence of %d tokens does not fit slots of %d",
                    lengths[b] + 1,
                    capacity);
            positions[b] = lengths[b];
            highest = Math.max(highest, lengths[b]);
            for (int g = 0; g < keyValueHeads; g++) {
                rows[b * keyValueHeads + g] = ((long) b * keyValueHeads + g) * capacity + lengths[b];
            }
        }
        clear(highest + 1);
        int used = inBlocks(highest + 1);
        NDArray at = manager.create(positions, new Shape(live, 1));
        step = new Step(at, highest, manager.create(rows), used, mask(at, used));
    }

    /// Zero where a position is not after the sequence's own, minus infinity elsewhere: `log(1)` and `log(0)`.
    private NDArray mask(NDArray positions, int used) {
        NDArray seen = Aten.narrow(range, 1, 0, used).lte(positions); // [B, used]
        NDArray mask = Aten.to(Aten.to(seen, Dtype.FLOAT32).log(), dtype);
        return mask.reshape(live, 1, 1, used); // [B, 1, 1, used]
    }

    /// Counts the new tokens of the pass as seen.
    public void finishStep() {
        for (int b = 0; b < live; b++) {
            lengths[b]++;
        }
        step = null;
    }

    /// Clears the cells of all slots below `length`, which were not read so far: what a mask hides is still
    /// multiplied by zero, and NaN times zero is NaN. Those that no sequence reaches are never touched.
    private void clear(int length) {
        int end = inBlocks(length);
        if (end > cleared) {
            try (NDScope _ = new NDScope()) {
                Aten.zeroInPlace(Aten.narrow(cells, 3, cleared, (long) end - cleared));
            }
            cleared = end;
        }
    }

    @Override
    public Rope.Rotation rotation(Rope rope, long length) {
        Step current = current();
        return rope.at(current.positions, current.highest);
    }

    /// The query heads that share a key/value head stand where a longer query's positions would: all see the
    /// same, and keys and values need not be repeated.
    @Override
    public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
        Step current = current();
        NDArray keys = written(layers.get(2 * layer), key, current);
        NDArray values = written(layers.get(2 * layer + 1), value, current);
        NDArray shared = query.reshape(live, keyValueHeads, -1, headDim); // [B, G, N / G, K]
        return Aten.maskedAttention(shared, keys, values, current.mask).reshape(query.getShape()); // [B, N, 1, K]
    }

    private Step current() {
        if (step == null) {
            throw new IllegalStateException("beginStep was not called before this forward pass");
        }
        return step;
    }

    /// Writes the new tokens, `[B, G, 1, K]`, to a layer's cells `[S, G, C, K]`; of these what attention reads,
    /// `[B, G, used, K]`, a view.
    private NDArray written(NDArray layer, NDArray fresh, Step current) {
        Aten.indexCopyInPlace(layer.reshape(-1, headDim), 0, current.rows, fresh.reshape(-1, headDim));
        return Aten.narrow(Aten.narrow(layer, 0, 0, live), 2, 0, current.used);
    }

    @Override
    public void close() {
        layers.forEach(NDArray::close);
        range.close();
        cells.close();
    }
}
