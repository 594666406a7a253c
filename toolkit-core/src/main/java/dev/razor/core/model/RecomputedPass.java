package dev.razor.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Scopes;
import dev.razor.core.tensor.Tensors;
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
/// So the activations of one layer exist at a time, beside one tensor of the residual stream a layer. Those lie
/// in one piece of memory taken beforehand: scattered among what each layer takes and gives back they would
/// keep the allocator from using the gaps again.
///
/// @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016</a>
public final class RecomputedPass implements ForwardPass {

    private final Supplier<NDArray> embed;
    private final List<UnaryOperator<NDArray>> layers;
    private final NDArray inputs; // [L + 1, B, T, D]: of each layer, and of the norm
    private final NDArray last; // x_L, a leaf
    private final NDArray hidden;

    private RecomputedPass(
            Supplier<NDArray> embed,
            List<UnaryOperator<NDArray>> layers,
            NDArray inputs,
            NDArray last,
            NDArray hidden) {
        this.embed = embed;
        this.layers = layers;
        this.inputs = inputs;
        this.last = last;
        this.hidden = hidden;
    }

    /// Runs the forward pass.
    public static RecomputedPass of(
            Supplier<NDArray> embed, List<UnaryOperator<NDArray>> layers, UnaryOperator<NDArray> norm) {
        NDArray inputs;
        try (GradMode _ = GradMode.off()) {
            inputs = Scopes.keepResult(() -> {
                NDArray x = embed.get();
                long[] shape = x.getShape().getShape();
                NDArray all = Tensors.empty(
                        x.getManager(), Tensors.dtype(x), layers.size() + 1L, shape[0], shape[1], shape[2]);
                Aten.copyInPlace(input(all, 0), x);
                return all;
            });
            for (int l = 0; l < layers.size(); l++) {
                try (NDScope _ = new NDScope()) {
                    Aten.copyInPlace(input(inputs, l + 1), layers.get(l).apply(input(inputs, l)));
                }
            }
        }
        NDArray last = leaf(input(inputs, layers.size()));
        try (GradMode _ = GradMode.on()) {
            return new RecomputedPass(embed, layers, inputs, last, norm.apply(last));
        }
    }

    @Override
    public NDArray hidden() {
        return hidden;
    }

    @Override
    public void backward(NDArray gradient) {
        Tensors.backward(hidden, gradient);
        NDArray flowing = gradientOf(last);
        for (int l = layers.size() - 1; l >= 0; l--) {
            int layer = l;
            NDArray above = flowing;
            flowing = Scopes.keepResult(() -> {
                NDArray input = leaf(input(inputs, layer));
                Tensors.backward(recorded(() -> layers.get(layer).apply(input)), above);
                return gradientOf(input);
            });
            above.close();
        }
        inputs.close();
        try (NDScope _ = new NDScope();
                NDArray above = flowing) {
            NDArray embedded = recorded(embed);
            if (Tensors.isRecorded(embedded)) { // not where the table is frozen
                Tensors.backward(embedded, above);
            }
        }
    }

    /// `x_l`, a view.
    private static NDArray input(NDArray inputs, int l) {
        return Aten.narrow(inputs, 0, l, 1).squeeze(0);
    }

    private static NDArray leaf(NDArray x) {
        NDArray leaf = Aten.detach(x);
        leaf.setRequiresGradient(true);
        return leaf;
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
