package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;

/// Rotary position embedding in the Hugging Face layout, which rotates channel `i` with channel `i + K/2` (the
/// original paper rotates neighbours instead):
///
/// ```
/// angle(p, i) = p base^(-2 i / K)
/// y = x cos(angle) + swapHalves(x) signedSin(angle),   signedSin = -sin on the first half, sin on the second
/// ```
///
/// The tables are computed in double precision, rounded once, and grow with the longest position asked for.
///
/// @see <a href="https://arxiv.org/abs/2104.09864">RoFormer, Su et al. 2021</a>
public final class Rope {

    private static final int FIRST_SIZE = 256;

    private final NDManager manager;
    private final int headDim;
    private final int maxPositions;
    private final double base;
    private final Dtype dtype;
    private NDArray cos; // [P, K]
    private NDArray signedSin; // [P, K]

    public Rope(NDManager manager, int headDim, int maxPositions, double base, Dtype dtype) {
        Check.that(headDim % 2 == 0, "the head size must be even, got %d", headDim);
        this.manager = manager;
        this.headDim = headDim;
        this.maxPositions = maxPositions;
        this.base = base;
        this.dtype = dtype;
        int size = Math.min(FIRST_SIZE, maxPositions);
        this.cos = table(size, Angle.COS);
        this.signedSin = table(size, Angle.SIGNED_SIN);
    }

    /// The rotations for given positions.
    ///
    /// @param cos `[B or 1, 1, T, K]`
    /// @param signedSin `[B or 1, 1, T, K]`
    public record Rotation(NDArray cos, NDArray signedSin) {

        /// Rotates `x`, `[B, N, T, K]`.
        public NDArray apply(NDArray x) {
            NDList halves = x.split(2, 3);
            NDArray swapped = NDArrays.concat(new NDList(halves.get(1), halves.get(0)), 3);
            return x.mul(cos).addi(swapped.mul(signedSin));
        }
    }

    /// The rotations for positions `0 .. length-1`.
    public Rotation first(long length) {
        grow(length);
        Shape shape = new Shape(1, 1, length, headDim);
        return new Rotation(
                Aten.narrow(cos, 0, 0, length).reshape(shape),
                Aten.narrow(signedSin, 0, 0, length).reshape(shape));
    }

    /// The rotations for `positions`, `[B, T]` int64, none of which is above `highest`.
    public Rotation at(NDArray positions, long highest) {
        grow(highest + 1);
        Shape shape =
                new Shape(positions.getShape().get(0), 1, positions.getShape().get(1), headDim);
        NDArray flat = positions.reshape(positions.getShape().size());
        return new Rotation(
                Aten.indexSelect(cos, 0, flat).reshape(shape),
                Aten.indexSelect(signedSin, 0, flat).reshape(shape));
    }

    private void grow(long length) {
        Check.that(length <= maxPositions, "the model has %d positions, got %d", maxPositions, length);
        long size = cos.getShape().get(0);
        if (length <= size) {
            return;
        }
        int grown = (int) Math.min(maxPositions, Math.max(length, 2 * size));
        cos.close();
        signedSin.close();
        cos = table(grown, Angle.COS);
        signedSin = table(grown, Angle.SIGNED_SIN);
    }

    private enum Angle {
        COS,
        SIGNED_SIN
    }

    private NDArray table(int positions, Angle kind) {
        int half = headDim / 2;
        double[] values = new double[positions * headDim];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(base, -2.0 * i / headDim);
            for (int p = 0; p < positions; p++) {
                int at = p * headDim + i;
                switch (kind) {
                    case COS -> values[at] = values[at + half] = Math.cos(p * frequency);
                    case SIGNED_SIN -> {
                        values[at + half] = Math.sin(p * frequency);
                        values[at] = -values[at + half];
                    }
                }
            }
        }
        NDArray table;
        try (NDScope _ = new NDScope()) {
            table = Aten.to(manager.create(values, new Shape(positions, headDim)), dtype);
            if (dtype == Dtype.FLOAT64) {
                table = Aten.copyOf(table);
            }
            NDScope.unregister(table);
        }
        return table;
    }
}
