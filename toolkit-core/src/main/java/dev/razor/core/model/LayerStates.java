package dev.razor.core.model;

import ai.djl.ndarray.NDArray;

/// Someone who looks at the residual stream behind each layer while a model computes.
@FunctionalInterface
public interface LayerStates {

    /// Looks at nothing.
    LayerStates NONE = (_, _) -> {};

    /// Is shown what layer `layer`, counted from 0, gives: `[B, T, D]` in float32. It may keep the tensor as
    /// long as the scope lives in which the model was called, and must not change it.
    void accept(int layer, NDArray states);
}
