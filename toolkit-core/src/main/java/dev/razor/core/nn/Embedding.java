package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;

/// A table of token vectors, `[V, D]`.
public record Embedding(NDArray weight) {

    public static Embedding load(Weights weights, int vocabularySize, int dim) {
        return new Embedding(weights.tensor("weight", vocabularySize, dim));
    }

    /// The vectors of `tokens`, `[B, T]` int64 `-> [B, T, D]`.
    public NDArray apply(NDArray tokens) {
        return Aten.embedding(tokens, weight);
    }

    /// This table used the other way round, as the output projection of a model with tied weights.
    public Linear asOutput() {
        return new Linear(weight, null);
    }
}
