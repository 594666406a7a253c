package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Weights with low-rank updates of some linear layers beside them.
///
/// @param weights the weights themselves, from the same point of the name tree
/// @param prefix the name of this point with a dot behind it, or nothing at the root
/// @param layers the updates by the full name of their layer, `model.layers.0.self_attn.q_proj`
public record LoraWeights(Weights weights, String prefix, Map<String, Lora> layers) implements Weights {

    /// At the root of the name tree.
    public LoraWeights(Weights weights, Map<String, Lora> layers) {
        this(weights, "", layers);
    }

    @Override
    public Weights at(String child) {
        return new LoraWeights(weights.at(child), prefix + child + ".", layers);
    }

    @Override
    public NDArray tensor(String name, long... shape) {
        return weights.tensor(name, shape);
    }

    @Override
    public @Nullable Lora lora() {
        return prefix.isEmpty() ? null : layers.get(prefix.substring(0, prefix.length() - 1));
    }
}
