package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import dev.razor.core.nn.Rope;
import dev.razor.core.tensor.Aten;

/// Where the tokens of a forward pass stand and which positions they see.
///
/// A decoder asks it for the rotations of its positions once, and for the attention of each layer.
public sealed interface AttentionContext permits AttentionContext.Causal, AttentionContext.Masked, KvCache {

    /// The rotary rotations of tokens `[B, length]`.
    Rope.Rotation rotation(Rope rope, long length);

    /// Attention of one layer: query `[B, N, T, K]`, key and value `[B, G, T, K]`, all rotated `-> [B, N, T, K]`.
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
    /// @param mask `[B, 1, T, T]`, zero where a position may look and minus infinity elsewhere, in the type of
    ///     the
    ///     model; every position must see at least one
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
}
