package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Tensors;

/// The hidden states of a forward pass, and the way back through it.
///
/// What the way back needs is either kept ([#recorded]) or computed again ([CausalLm#forward] with
/// recomputation).
public interface ForwardPass {

    /// The hidden states.
    NDArray hidden();

    /// Adds to every weight's gradient the vector-Jacobian product of the hidden states with `gradient`, which
    /// has their shape and type. To be called once.
    void backward(NDArray gradient);

    /// A pass whose graph libtorch has recorded.
    static ForwardPass recorded(NDArray hidden) {
        return new ForwardPass() {

            @Override
            public NDArray hidden() {
                return hidden;
            }

            @Override
            public void backward(NDArray gradient) {
                if (Tensors.isRecorded(hidden)) { // not where nothing below the head is trained
                    Tensors.backward(hidden, gradient);
                }
            }
        };
    }
}
