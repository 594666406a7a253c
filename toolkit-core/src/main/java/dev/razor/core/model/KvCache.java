package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Scopes;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The keys and values of the tokens that a batch of sequences has seen so far, each sequence with a length of its
/// own, in memory allocated once.
///
/// Shapes: `B` sequences, `S` slots a sequence, `G` key/value heads, `K` channels a head. A layer's keys are stored
/// `[B S, G, K]`, so that one `index_copy_` writes the new tokens of all sequences wherever each of them ends.
public final class KvCache implements AttentionContext, AutoCloseable {

    private final NDManager manager;
    private final Dtype dtype;
    private final int capacity;
    private final int keyValueHeads;
    private final int headDim;
    private final List<NDArray> keys = new ArrayList<>(); // a layer: [B S, G, K]
    private final List<NDArray> values = new ArrayList<>();
    private int[] lengths;
    private @Nullable Step step;

    /// What one forward pass adds.
    ///
    /// @param positions `[B, T]` where the new tokens stand
    /// @param slots `[B T]` the cache rows they are written to
    /// @param mask `[B, 1, T, used]`, or null where the cache was empty and plain causal attention does
    private record Step(
            NDArray positions,
            int highest,
            NDArray slots,
            int used,
            @Nullable NDArray mask) {}

    public KvCache(
            NDManager manager, Dtype dtype, int layers, int batch, int capacity, int keyValueHeads, int headDim) {
        this.manager = manager;
        this.dtype = dtype;
        this.capacity = capacity;
        this.keyValueHeads = keyValueHeads;
        this.headDim = headDim;
        this.lengths = new int[batch];
        for (int layer = 0; layer < layers; layer++) {
            keys.add(allocate(batch));
            values.add(allocate(batch));
        }
    }

    private NDArray allocate(int batch) {
        // Zeros, not garbage: a masked slot is still multiplied by zero, and NaN times zero is NaN.
        NDArray cells = Tensors.zeros(manager, dtype, (long) batch * capacity, keyValueHeads, headDim);
        NDScope.unregister(cells);
        return cells;
    }

    /// Prepares the next forward pass: sequence `b` gets `counts[b]` new tokens, the first of the `width` tokens of
    /// its row (what follows them is padding). Call [#finishStep] after the pass.
    public void beginStep(int[] counts, int width) {
        Check.that(counts.length == lengths.length, "%d counts for %d sequences", counts.length, lengths.length);
        int batch = lengths.length;
        long[] positions = new long[batch * width];
        long[] slots = new long[batch * width];
        int used = 0;
        int highest = 0;
        for (int b = 0; b < batch; b++) {
            Check.that(0 <= counts[b] && counts[b] <= width, "%d new tokens in a row of %d", counts[b], width);
            Check.that(
                    lengths[b] + width <= capacity,
                    "a sequence of %d tokens does not fit a cache of %d",
                    lengths[b] + width,
                    capacity);
            for (int t = 0; t < width; t++) {
                positions[b * width + t] = (long) lengths[b] + t;
                slots[b * width + t] = (long) b * capacity + lengths[b] + t;
            }
            used = Math.max(used, lengths[b] + width);
            highest = Math.max(highest, lengths[b] + width - 1);
        }
        boolean empty = Arrays.stream(lengths).allMatch(length -> length == 0);
        step = new Step(
                manager.create(positions, new Shape(batch, width)),
                highest,
                manager.create(slots),
                used,
                empty ? null : mask(width, used));
    }

    /// `[B, 1, T, used]`: token `t` of a sequence sees the slots up to its own.
    private NDArray mask(int width, int used) {
        float[] mask = new float[lengths.length * width * used];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < width; t++) {
                int row = (b * width + t) * used;
                Arrays.fill(mask, row + lengths[b] + t + 1, row + used, Float.NEGATIVE_INFINITY);
            }
        }
        return Aten.to(manager.create(mask, new Shape(lengths.length, 1, width, used)), dtype);
    }

    /// Counts the new tokens of the pass as seen.
    public void finishStep(int[] counts) {
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] += counts[b];
        }
        step = null;
    }

    @Override
    public Rope.Rotation rotation(Rope rope, long length) {
        Step current = current();
        return rope.at(current.positions, current.highest);
    }

    @Override
    public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
        Step current = current();
        write(keys.get(layer), key, current.slots);
        write(values.get(layer), value, current.slots);
        return current.mask == null
                ? Aten.causalAttention(query, key, value)
                : Aten.maskedAttention(
                        query,
                        read(keys.get(layer), current.used),
                        read(values.get(layer), current.used),
                        current.mask);
    }

    private Step current() {
        if (step == null) {
            throw new IllegalStateException("beginStep was not called before this forward pass");
        }
        return step;
    }

    private void write(NDArray cells, NDArray fresh, NDArray slots) {
        NDArray rows = Aten.transpose(fresh, 1, 2).reshape(-1, keyValueHeads, headDim); // [B T, G, K]
        Aten.indexCopyInPlace(cells, 0, slots, rows);
    }

    /// `[B S, G, K] -> [B, G, used, K]`, a view.
    private NDArray read(NDArray cells, int used) {
        NDArray bySequence = cells.reshape(lengths.length, capacity, keyValueHeads, headDim);
        return Aten.transpose(Aten.narrow(bySequence, 1, 0, used), 1, 2);
    }

    /// Keeps the sequences that `rows` names, in that order; one may be named several times.
    public void select(int[] rows) {
        for (int row : rows) {
            Check.that(0 <= row && row < lengths.length, "there is no sequence %d of %d", row, lengths.length);
        }
        if (Arrays.equals(rows, IntStream.range(0, lengths.length).toArray())) {
            return;
        }
        for (List<NDArray> all : List.of(keys, values)) {
            for (int layer = 0; layer < all.size(); layer++) {
                NDArray old = all.get(layer);
                NDArray kept = Scopes.keepResult(() -> {
                    NDArray bySequence = old.reshape(lengths.length, (long) capacity * keyValueHeads * headDim);
                    NDArray index =
                            manager.create(Arrays.stream(rows).asLongStream().toArray());
                    NDArray selected = Aten.indexSelect(bySequence, 0, index);
                    return selected.reshape((long) rows.length * capacity, keyValueHeads, headDim);
                });
                NDScope.unregister(kept);
                all.set(layer, kept);
                old.close();
            }
        }
        lengths = Arrays.stream(rows).map(row -> lengths[row]).toArray();
    }

    /// Tokens seen so far by sequence `row`.
    public int length(int row) {
        return lengths[row];
    }

    @Override
    public void close() {
        keys.forEach(NDArray::close);
        values.forEach(NDArray::close);
    }
}
