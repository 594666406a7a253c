package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;

/// Where a model's tensors come from, seen from one point in the name tree.
///
/// Names are the checkpoint's own (`model.layers.0.self_attn.q_proj.weight`), so loading needs no mapping table
/// and
/// every error message names a tensor that a reader can look up.
public interface Weights {

    /// The same weights, one level down the name tree.
    Weights at(String child);

    /// The tensor `name` at this point, which must have exactly `shape`.
    NDArray tensor(String name, long... shape);
}
