package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Compares what the leading singular vectors of a matrix span in two models. With `x` the matrix as rows `[c,
/// s]`, `s` its shorter axis:
///
/// ```
/// x^T x = V diag(sigma^2) V^T                             the vectors of the shorter axis, V_k [s, k]
/// U_k   = x V_k diag(1 / sigma_k)                         those of the longer, never held as a whole
/// M     = sum over chunks of U_k,base^T U_k,model         [k, k]
/// ```
final class Subspaces {

    private Subspaces() {}

    /// The angles of weight `name`; null where one of the matrices has fewer than `k` singular values that are
    /// not zero, so that its span is not defined.
    static @Nullable PrincipalAngles angles(
            WeightPair.Opened opened, String name, long[] shape, int k, NDManager manager) {
        int axis = WeightPair.chunkedAxis(shape);
        long shorter = shape[1 - axis];
        if (k > shorter) {
            return null;
        }
        NDArray baseGram = Tensors.zeros(manager, Dtype.FLOAT64, shorter, shorter);
        NDArray modelGram = Tensors.zeros(manager, Dtype.FLOAT64, shorter, shorter);
        opened.forEachChunk(name, manager, (base, model, _) -> {
            baseGram.addi(Gram.of(base, axis));
            modelGram.addi(Gram.of(model, axis));
        });
        NDArray baseSide = scaledVectors(baseGram, k);
        NDArray modelSide = scaledVectors(modelGram, k);
        if (baseSide == null || modelSide == null) {
            return null;
        }
        NDArray cross = Tensors.zeros(manager, Dtype.FLOAT64, k, k);
        opened.forEachChunk(name, manager, (base, model, _) -> {
            NDArray left = Gram.rows(base, axis).matMul(baseSide); // [c, k]
            NDArray right = Gram.rows(model, axis).matMul(modelSide); // [c, k]
            cross.addi(Aten.transpose(left, 0, 1).matMul(right));
        });
        double[] longer = angles(cross);
        double[] shorterAngles =
                angles(Aten.transpose(normalised(baseSide), 0, 1).matMul(normalised(modelSide)));
        double[] output = axis == 0 ? longer : shorterAngles;
        double[] input = axis == 0 ? shorterAngles : longer;
        return new PrincipalAngles(largest(output), mean(output), largest(input), mean(input));
    }

    /// `V_k diag(1 / sigma_k)`, `[s, k]`.
    private static @Nullable NDArray scaledVectors(NDArray gram, int k) {
        NDArray[] parts = Aten.svd(gram);
        double[] squares = parts[1].toDoubleArray();
        if (!(squares[k - 1] > 1e-14 * squares[0])) {
            return null;
        }
        return Aten.narrow(parts[0], 1, 0, k).div(Aten.narrow(parts[1], 0, 0, k).sqrt());
    }

    /// The columns brought to length 1.
    private static NDArray normalised(NDArray columns) {
        return columns.div(columns.square().sum(new int[] {0}, true).sqrt());
    }

    private static double[] angles(NDArray cosines) {
        return Arrays.stream(Aten.singularValues(cosines).toDoubleArray())
                .map(cosine -> Math.acos(Math.min(1, cosine)))
                .toArray();
    }

    private static double largest(double[] angles) {
        return Arrays.stream(angles).max().orElseThrow();
    }

    private static double mean(double[] angles) {
        return Arrays.stream(angles).average().orElseThrow();
    }
}
