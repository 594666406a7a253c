package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;

/// Where the tokens of a forward pass stand and which positions they see.
///
/// A decoder asks it for the rotations of its positions once, and for the attention of each layer.
public sealed interface AttentionContext
        permits AttentionContext.Causal,
                AttentionContext.Masked,
                AttentionContext.Packed,
                KvCache,
                PromptCache,
                SharedPrefixes {

    /// The rotary rotations of tokens `[B, length]`.
    Rope.Rotation rotation(Rope rope, long length);

    /// The type that the attention of a model in `dtype` is computed in: float64 of a float32 model on a CPU,
    /// else the model's.
    ///
    /// libtorch blocks an attention by its lengths, so that in float32 the last digits of a position depend on
    /// the padding, the mask and what is computed with it. In float64 they do so below what the rounding to
    /// float32 keeps. See docs/benchmarks.md for what that is worth and costs.
    static Dtype computeType(Dtype dtype, boolean gpu) {
        return dtype == Dtype.FLOAT32 && !gpu ? Dtype.FLOAT64 : dtype;
    }

    /// Attention of one layer: query `[B, N, T, K]`, key and value `[B, G, T, K]`, all rotated and in
    /// [#computeType] `-> [B, N, T, K]`.
    NDArray attend(int layer, NDArray query, NDArray key, NDArray value);

    /// Whole sequences from position 0, padded (if at all) on the right: no mask is needed, because a real token
    /// never looks at what follows it.
    record Causal() implements AttentionContext {

        @Override
        public Rope.Rotation rotation(Rope rope, long length) {
            return rope.first(length);
        }

        @Override
        public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
            return Aten.causalAttention(query, key, value);
        }
    }

    /// Given positions under a given mask, such as sequences padded on the left.
    ///
    /// @param positions `[B, T]` int64
    /// @param highest the largest position
    /// @param mask `[B, 1, T, T]`, zero where a position may look and minus infinity elsewhere; every position
    ///     must see at least one
    record Masked(NDArray positions, long highest, NDArray mask) implements AttentionContext {

        @Override
        public Rope.Rotation rotation(Rope rope, long length) {
            return rope.at(positions, highest);
        }

        @Override
        public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
            return Aten.maskedAttention(query, key, value, mask);
        }
    }

    /// Sequences laid end to end in one row, `B` = 1, none of which sees another: on CUDA in bfloat16 one
    /// variable-length flash attention, elsewhere one causal attention a sequence, which computes no masked block
    /// and needs no mask.
    ///
    /// @param starts where each sequence begins, the first at 0, and behind them where the last one ends
    /// @param positions `[1, T]` int64, counted from 0 in every sequence
    /// @param longest tokens of the longest sequence
    record Packed(int[] starts, NDArray positions, int longest) implements AttentionContext {

        @Override
        public Rope.Rotation rotation(Rope rope, long length) {
            return rope.at(positions, longest - 1L);
        }

        @Override
        public NDArray attend(int layer, NDArray query, NDArray key, NDArray value) {
            if (query.getDevice().isGpu() && Tensors.dtype(query) == Dtype.BFLOAT16) {
                return Aten.packedFlashAttention(
                        query, key, value, query.getManager().create(starts), longest);
            }
            NDList mixed = new NDList();
            for (int i = 0; i + 1 < starts.length; i++) {
                int from = starts[i];
                int length = starts[i + 1] - from;
                mixed.add(Aten.causalAttention(
                        Aten.narrow(query, 2, from, length),
                        Aten.narrow(key, 2, from, length),
                        Aten.narrow(value, 2, from, length)));
            }
            return mixed.size() == 1 ? mixed.getFirst() : NDArrays.concat(mixed, 2);
        }
    }
}
