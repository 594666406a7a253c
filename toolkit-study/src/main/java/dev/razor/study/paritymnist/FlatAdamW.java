package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// AdamW without weight decay on one flat float32 tensor and its gradient: the update of
/// [dev.razor.core.optim.AdamW], in pieces that stay in a core's own cache.
///
/// ```
/// m = m + (1 - beta1) (g - m)
/// v = v + (1 - beta2) (g^2 - v)
/// theta = theta - lr sqrt(c2) / c1  m / (sqrt(v) + eps sqrt(c2))       c1 = 1 - beta1^t,  c2 = 1 - beta2^t
/// ```
final class FlatAdamW {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private static final long PIECE = 1 << 16;

    private record Piece(NDArray theta, NDArray gradient, NDArray mean, NDArray square) {}

    private final List<Piece> pieces = new ArrayList<>();
    private final NDArray newMean;
    private final NDArray newSquare;
    private int steps;

    /// @param gradient of the length of `parameters`; its values are used up by each step
    FlatAdamW(NDManager manager, NDArray parameters, NDArray gradient) {
        long size = parameters.size();
        NDArray mean = Tensors.zeros(manager, Dtype.FLOAT32, size);
        NDArray square = Tensors.zeros(manager, Dtype.FLOAT32, size);
        for (long from = 0; from < size; from += PIECE) {
            long length = Math.min(PIECE, size - from);
            pieces.add(new Piece(
                    Aten.narrow(parameters, 0, from, length),
                    Aten.narrow(gradient, 0, from, length),
                    Aten.narrow(mean, 0, from, length),
                    Aten.narrow(square, 0, from, length)));
        }
        newMean = Tensors.scalar(manager, 1 - BETA1);
        newSquare = Tensors.scalar(manager, 1 - BETA2);
    }

    /// Makes one step with the gradient that stands in its tensor now.
    void step(double learningRate) {
        steps++;
        double root = Math.sqrt(1 - Math.pow(BETA2, steps));
        double rate = learningRate * root / (1 - Math.pow(BETA1, steps));
        for (Piece piece : pieces) {
            try (NDScope _ = new NDScope()) {
                NDArray g = piece.gradient;
                Aten.lerpInPlace(piece.mean, g, newMean);
                g.muli(g);
                Aten.lerpInPlace(piece.square, g, newSquare);
                Aten.sqrtInto(g, piece.square);
                g.addi(EPSILON * root);
                Aten.divideInto(g, piece.mean, g);
                g.muli(rate);
                piece.theta.subi(g);
            }
        }
    }
}
