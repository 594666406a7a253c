package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.nn.Linear;

/// A decoder that predicts, at every position, the token that comes next.
///
/// It ends at the hidden states; the projection to the vocabulary is [#head], so that losses and scores can walk
/// over it in chunks and the logits of a whole batch never exist at once.
public interface CausalLm {

    /// Final, normalised hidden states of `tokens`, `[B, T]` int64 `-> [B, T, D]`, in the model's type.
    NDArray hidden(NDArray tokens, AttentionContext context);

    /// A forward pass that can be gone back through, for training; call it with gradients on.
    ///
    /// @param recompute keep only each layer's input, and compute the layer again on the way back: about a third
    ///     more time for a fraction of the memory; values and gradients are the same
    ForwardPass forward(NDArray tokens, AttentionContext context, boolean recompute);

    /// The projection of hidden states to logits, `[..., D] -> [..., V]`.
    Linear head();

    /// Rows of [#head]: the token ids are `0 .. vocabularySize-1`.
    int vocabularySize();

    /// The most positions a sequence may have.
    int contextLength();

    /// An empty cache for up to `slots` sequences of up to `capacity` tokens.
    KvCache newCache(NDManager manager, int slots, int capacity);
}
