package dev.razor.eval.drift;

import java.util.List;

/// How alike the representations of two models are, layer by layer.
///
/// @param layers from the first to the final norm
/// @param texts how many were represented
/// @param neighbours `k` of CKNNA
public record RepresentationChange(List<Layer> layers, int texts, int neighbours, Pooling pooling) {

    /// At one layer.
    ///
    /// @param name `layers.N`, or `norm` for the final hidden states
    public record Layer(String name, KernelAlignment alignment) {}

    public RepresentationChange {
        layers = List.copyOf(layers);
    }

    /// At the final hidden states, which transformers calls the last of its `hidden_states`.
    public KernelAlignment last() {
        return layers.getLast().alignment();
    }
}
