package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// A perceptron with ReLU between its linear layers, forwards and, written out by hand, backwards:
///
/// ```
/// h0 = x,  h(i+1) = relu(h(i) W(i)^T + b(i)),  logits = h(last) W^T + b
/// d(last) = dL/dlogits,  d(i) = (d(i+1) W(i+1)) where h(i+1) > 0
/// dL/dW(i) = d(i)^T h(i),  dL/db(i) = sum over the batch of d(i)
/// ```
///
/// Recording the graph and walking it costs as much as the arithmetic of a network this small.
///
/// Shapes: `B` batch, `n0, n1, ...` the sizes of [Parameters].
final class Mlp {

    private Mlp() {}

    /// What a forward pass computed.
    ///
    /// @param inputs of each layer: `x [B, n0]`, then the hidden layers' `[B, n1]`, ...
    /// @param logits `[B, C]`
    record Activations(List<NDArray> inputs, NDArray logits) {

        /// The values after each ReLU.
        List<NDArray> hidden() {
            return inputs.subList(1, inputs.size());
        }
    }

    /// The forward pass of `x` `[B, n0]`.
    static Activations forward(Parameters parameters, NDArray x) {
        int layers = parameters.weights().size();
        List<NDArray> inputs = new ArrayList<>();
        NDArray h = x;
        for (int i = 0; i < layers; i++) {
            inputs.add(h);
            NDArray z = Aten.linear(h, parameters.weights().get(i), parameters.biases().get(i)); // [B, n(i+1)]
            h = i + 1 < layers ? Activation.relu(z) : z;
        }
        return new Activations(List.copyOf(inputs), h);
    }

    /// Overwrites `gradient` with that of a loss whose gradient by the logits is `byLogits` `[B, C]`.
    static void backward(Parameters parameters, Activations activations, NDArray byLogits, Parameters gradient) {
        NDManager manager = byLogits.getManager();
        NDArray ones = Tensors.zeros(manager, Dtype.FLOAT32, 1, byLogits.getShape().get(0));
        ones.addi(1);
        NDArray d = byLogits;
        for (int i = parameters.weights().size() - 1; i >= 0; i--) {
            NDArray input = activations.inputs().get(i);
            Aten.matmulInto(gradient.weights().get(i), Aten.transpose(d, 0, 1), input); // [n(i+1), n(i)]
            Aten.matmulInto(gradient.biases().get(i).expandDims(0), ones, d); // [1, n(i+1)]
            if (i > 0) {
                d = d.matMul(parameters.weights().get(i)).muli(input.sign()); // [B, n(i)]
            }
        }
    }
}
