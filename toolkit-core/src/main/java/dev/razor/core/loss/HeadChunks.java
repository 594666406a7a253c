package dev.razor.core.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Tensors;

/// The way back from losses at the vocabulary to a model, a chunk of predictions at a time, so that the logits
/// of a whole batch never exist at once.
final class HeadChunks {

    private HeadChunks() {}

    /// Makes a chunk's logits from its hidden states, and goes back from a loss of them.
    interface Chunk {

        /// Handles predictions `start` to `start + size - 1`.
        ///
        /// @param leaf their hidden states `[C, D]`; must have its gradient when this returns
        void backward(NDArray leaf, int start, int size);
    }

    /// Goes back through all predictions of `pass`, which this uses up.
    static void backward(ForwardPass pass, int chunkTokens, Chunk chunk) {
        NDArray hidden = pass.hidden(); // [M, D]
        int count = Math.toIntExact(hidden.getShape().get(0));
        if (count == 0) {
            return;
        }
        try (NDScope _ = new NDScope()) {
            NDArray values = Aten.detach(hidden);
            NDArray gradient = Tensors.empty(
                    hidden.getManager(),
                    Tensors.dtype(hidden),
                    hidden.getShape().getShape());
            for (int start = 0; start < count; start += chunkTokens) {
                try (NDScope _ = new NDScope()) {
                    int size = Math.min(chunkTokens, count - start);
                    NDArray leaf = Aten.detach(Aten.narrow(values, 0, start, size)); // [C, D]
                    leaf.setRequiresGradient(true);
                    chunk.backward(leaf, start, size);
                    NDArray leafGradient = Tensors.gradient(leaf);
                    if (leafGradient == null) {
                        throw new IllegalStateException("the projection gave its input no gradient");
                    }
                    Aten.copyInPlace(Aten.narrow(gradient, 0, start, size), leafGradient);
                }
            }
            pass.backward(gradient);
        }
    }
}
