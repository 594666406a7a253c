package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
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
            NDArray z = Aten.linear(
                    h, parameters.weights().get(i), parameters.biases().get(i)); // [B, n(i+1)]
            h = i + 1 < layers ? Activation.relu(z) : z;
        }
        return new Activations(List.copyOf(inputs), h);
    }

    /// `d(i)` of every layer, `[B, n(i+1)]`, for a loss whose gradient by the logits is `byLogits` `[B, C]`.
    static List<NDArray> backward(Parameters parameters, Activations activations, NDArray byLogits) {
        List<NDArray> deltas = new ArrayList<>();
        NDArray delta = byLogits;
        deltas.add(delta);
        for (int i = parameters.weights().size() - 1; i > 0; i--) {
            NDArray open = activations.inputs().get(i).sign(); // 1 where the ReLU let something through, else 0
            delta = delta.matMul(parameters.weights().get(i)).muli(open); // [B, n(i)]
            deltas.addFirst(delta);
        }
        return deltas;
    }

    /// Overwrites `sums` with `d(i)^T h(i)` and the sum of `d(i)` over the batch.
    static void sumOverBatch(List<NDArray> deltas, List<NDArray> inputs, Parameters sums) {
        NDArray first = deltas.getFirst();
        NDArray ones = Tensors.zeros(
                first.getManager(), Dtype.FLOAT32, 1, first.getShape().get(0));
        ones.addi(1);
        for (int i = 0; i < deltas.size(); i++) {
            NDArray delta = deltas.get(i);
            Aten.matmulInto(sums.weights().get(i), Aten.transpose(delta, 0, 1), inputs.get(i)); // [n(i+1), n(i)]
            Aten.matmulInto(sums.biases().get(i).expandDims(0), ones, delta); // [1, n(i+1)]
        }
    }

    /// Overwrites `gradient` with that of a loss whose gradient by the logits is `byLogits` `[B, C]`.
    static void gradient(Parameters parameters, Activations activations, NDArray byLogits, Parameters gradient) {
        sumOverBatch(backward(parameters, activations, byLogits), activations.inputs(), gradient);
    }
}
