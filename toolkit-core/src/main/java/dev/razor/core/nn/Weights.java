package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/// Where a model's tensors come from, seen from one point in the name tree.
///
/// Names are the checkpoint's own (`model.layers.0.self_attn.q_proj.weight`), so loading needs no mapping table
/// and every error message names a tensor that a reader can look up.
public interface Weights {

    /// The same weights, one level down the name tree.
    Weights at(String child);

    /// The tensor `name` at this point, which must have exactly `shape`.
    NDArray tensor(String name, long... shape);

    /// The low-rank update of the linear layer at this point, or null where it has none.
    default @Nullable Lora lora() {
        return null;
    }
}
