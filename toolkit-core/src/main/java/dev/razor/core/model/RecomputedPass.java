package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Scopes;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A forward pass that keeps the input of each layer and nothing else. On the way back each layer is computed
/// again from its input, this time recorded, and gone back through:
///
/// ```
/// x_0 = embed,  x_(l+1) = layer_l(x_l),  h = norm(x_L)             forward, nothing recorded but norm
/// dx_L = (dh/dx_L)^T dh
/// dx_l = (dlayer_l/dx_l)^T dx_(l+1)                                 l = L-1 .. 0, weights' gradients on the way
/// ```
///
/// So the activations of one layer exist at a time, beside one tensor of the residual stream a layer.
///
/// @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016</a>
public final class RecomputedPass implements ForwardPass {

    private final Supplier<NDArray> embed;
    private final List<UnaryOperator<NDArray>> layers;
    private final List<NDArray> inputs; // of each layer, and of the norm
    private final NDArray hidden;

    private RecomputedPass(
            Supplier<NDArray> embed, List<UnaryOperator<NDArray>> layers, List<NDArray> inputs, NDArray hidden) {
        this.embed = embed;
        this.layers = layers;
        this.inputs = inputs;
        this.hidden = hidden;
    }

    /// Runs the forward pass.
    public static RecomputedPass of(
            Supplier<NDArray> embed, List<UnaryOperator<NDArray>> layers, UnaryOperator<NDArray> norm) {
        List<NDArray> inputs = new ArrayList<>();
        try (GradMode _ = GradMode.off()) {
            NDArray x = Scopes.keepResult(embed);
            inputs.add(x);
            for (UnaryOperator<NDArray> layer : layers) {
                NDArray input = x;
                x = Scopes.keepResult(() -> layer.apply(input));
                inputs.add(x);
            }
        }
        inputs.getLast().setRequiresGradient(true);
        try (GradMode _ = GradMode.on()) {
            return new RecomputedPass(embed, layers, inputs, norm.apply(inputs.getLast()));
        }
    }

    @Override
    public NDArray hidden() {
        return hidden;
    }

    @Override
    public void backward(NDArray gradient) {
        Tensors.backward(hidden, gradient);
        NDArray flowing = gradientOf(inputs.getLast());
        inputs.removeLast().close();
        for (int l = layers.size() - 1; l >= 0; l--) {
            UnaryOperator<NDArray> layer = layers.get(l);
            NDArray above = flowing;
            try (NDArray input = inputs.removeLast()) {
                flowing = Scopes.keepResult(() -> {
                    NDArray leaf = Aten.detach(input);
                    leaf.setRequiresGradient(true);
                    Tensors.backward(recorded(() -> layer.apply(leaf)), above);
                    return gradientOf(leaf);
                });
            }
            above.close();
        }
        NDArray above = flowing;
        try (NDScope _ = new NDScope()) {
            Tensors.backward(recorded(embed), above);
        }
        above.close();
    }

    private static NDArray recorded(Supplier<NDArray> part) {
        try (GradMode _ = GradMode.on()) {
            return part.get();
        }
    }

    private static NDArray gradientOf(NDArray leaf) {
        NDArray gradient = Tensors.gradient(leaf);
        if (gradient == null) {
            throw new IllegalStateException("a layer gave its input no gradient");
        }
        return gradient;
    }
}
