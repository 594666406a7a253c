package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sequences that share beginnings, laid out in one row, `B` = 1, so that every shared token is computed once.
///
/// The row is cut into segments. A segment goes on where its parent ends, or begins a sequence; a sequence is the
/// path from a first segment to one of those behind it. A token sees the segments on its path and the tokens
/// before it in its own, which is what it sees in the whole sequence; so what is computed of a sequence is what a
/// pass over it alone computes. Nothing outlives the forward pass.
///
/// Shapes: `T` tokens of the row, `L` of a segment, `P` of the segments on the path to it, `N` query heads, `G`
/// key/value heads, `K` channels a head.
public final class SharedPrefixes implements AttentionContext {

    private final int[] starts; // [segments + 1]
    private final int[] parents; // [segments]
    private final boolean[] isParent;
    private final NDArray positions; // [1, T]
    private final int highest;
    private final List<@Nullable NDArray> masks; // a segment: [1, 1, L, P + L], or null where P = 0

    private SharedPrefixes(
            int[] starts,
            int[] parents,
            boolean[] isParent,
            NDArray positions,
            int highest,
            List<@Nullable NDArray> masks) {
        this.starts = starts;
        this.parents = parents;
        this.isParent = isParent;
        this.positions = positions;
        this.highest = highest;
        this.masks = masks;
    }

    /// Lays out segments.
    ///
    /// @param dtype that attention is computed in
    /// @param starts where each segment begins in the row, the first at 0, and behind them where the last one
    ///     ends
    /// @param parents the segment that each one goes on from, an earlier one; -1 where it begins a sequence
    public static SharedPrefixes of(NDManager manager, Dtype dtype, int[] starts, int[] parents) {
        int segments = parents.length;
        Check.that(starts.length == segments + 1, "%d starts for %d segments", starts.length, segments);
        int[] before = new int[segments];
        boolean[] isParent = new boolean[segments];
        long[] positions = new long[starts[segments]];
        int highest = 0;
        List<@Nullable NDArray> masks = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            int length = starts[i + 1] - starts[i];
            int parent = parents[i];
            Check.that(length > 0, "segment %d is empty", i);
            Check.that(-1 <= parent && parent < i, "segment %d cannot go on from segment %d", i, parent);
            if (parent >= 0) {
                before[i] = before[parent] + starts[parent + 1] - starts[parent];
                isParent[parent] = true;
            }
            for (int t = 0; t < length; t++) {
                positions[starts[i] + t] = (long) before[i] + t;
            }
            highest = Math.max(highest, before[i] + length - 1);
            masks.add(before[i] == 0 ? null : mask(manager, dtype, before[i], length));
        }
        NDArray all = manager.create(positions, new Shape(1, positions.length));
        return new SharedPrefixes(starts.clone(), parents.clone(), isParent, all, highest, masks);
    }

    /// `[1, 1, L, P + L]`: token `t` of a segment sees all before the segment and its tokens up to `t`.
    private static NDArray mask(NDManager manager, Dtype dtype, int before, int length) {
        int width = before + length;
        float[] mask = new float[length * width];
        for (int t = 0; t < length; t++) {
            Arrays.fill(mask, t * width + before + t + 1, (t + 1) * width, Float.NEGATIVE_INFINITY);
        }
        return Aten.to(manager.create(mask, new Shape(1, 1, length, width)), dtype);
    }

    @Override
    public Rope.Rotation rotation(Rope rope, long length) {
        return rope.at(positions, highest);
    }

    @Override
    public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
        NDList mixed = new NDList();
        NDArray[] pathKeys = new NDArray[parents.length]; // [1, G, P + L, K], of segments that others go on from
        NDArray[] pathValues = new NDArray[parents.length];
        for (int i = 0; i < parents.length; i++) {
            NDArray keys = path(key, i, pathKeys);
            NDArray values = path(value, i, pathValues);
            NDArray queries = Aten.narrow(query, 2, starts[i], starts[i + 1] - starts[i]); // [1, N, L, K]
            NDArray mask = masks.get(i);
            mixed.add(
                    mask == null
                            ? Aten.causalAttention(queries, keys, values)
                            : Aten.maskedAttention(queries, keys, values, mask));
        }
        return mixed.size() == 1 ? mixed.getFirst() : NDArrays.concat(mixed, 2); // [1, N, T, K]
    }

    /// `[1, G, T, K] -> [1, G, P + L, K]`: what segment `i` looks at.
    private NDArray path(NDArray all, int i, NDArray[] paths) {
        NDArray own = Aten.narrow(all, 2, starts[i], starts[i + 1] - starts[i]);
        NDArray whole = parents[i] < 0 ? own : NDArrays.concat(new NDList(paths[parents[i]], own), 2);
        if (isParent[i]) {
            paths[i] = whole;
        }
        return whole;
    }
}
