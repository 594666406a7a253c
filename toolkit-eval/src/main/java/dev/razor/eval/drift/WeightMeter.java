package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures how far the weights of two models lie apart, from their files: neither model is loaded. A chunk of
/// one weight is in memory at a time, beside the Gram matrix of the change over its shorter axis:
///
/// ```
/// G = sum over chunks of d_c^T d_c                        [s, s], float64
/// sigma_i(d)^2 = lambda_i(G)
/// ```
///
/// @param rank whether ranks are counted, for which all singular values are computed
/// @param angles how many leading singular vectors span the subspaces that are compared; 0 compares none
/// @param device where it is computed: `cpu`, `cuda`, `cuda:N`, `auto`
public record WeightMeter(boolean rank, int angles, String device) {

    public WeightMeter {
        Check.that(angles >= 0, "angles must not be negative, got %d", angles);
    }

    /// Compares two model directories, each of weights or of a PEFT adapter.
    ///
    /// @throws dev.razor.core.base.CheckpointException with a line for every weight that does not fit the other
    ///     model
    public WeightChange measure(Path base, Path model, Progress progress) {
        try (WeightPair pair = new WeightPair(base, model);
                NDManager manager = Tensors.newManager(device);
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            List<TensorChange> tensors = new ArrayList<>();
            long total = pair.entries();
            long done = 0;
            for (String name : pair.names()) {
                try (WeightPair.Opened opened = pair.open();
                        NDScope _ = new NDScope()) {
                    tensors.add(measure(opened, name, pair.shape(name), manager));
                }
                done += WeightPair.entries(pair.shape(name));
                progress.update("weights", done, total, name);
            }
            return new WeightChange(tensors);
        }
    }

    private TensorChange measure(WeightPair.Opened opened, String name, long[] shape, NDManager manager) {
        boolean matrix = shape.length == 2;
        int axis = WeightPair.chunkedAxis(shape);
        Sums sums = new Sums();
        NDArray gram = matrix ? Tensors.zeros(manager, Dtype.FLOAT64, shape[1 - axis], shape[1 - axis]) : null;
        opened.forEachChunk(name, manager, (base, tuned, _) -> {
            NDArray change = tuned.sub(base);
            if (sums.add(base, tuned, change) && gram != null) { // an unchanged chunk adds nothing
                gram.addi(Gram.of(change, axis));
            }
        });
        Double spectral = null;
        Integer counted = null;
        if (gram != null) {
            spectral = sums.largest == 0 ? 0.0 : Math.sqrt(LargestEigenvalue.of(gram));
            counted = rank ? Integer.valueOf(sums.largest == 0 ? 0 : rank(gram, shape)) : null;
        }
        return new TensorChange(
                name,
                Arrays.stream(shape).boxed().toList(),
                WeightPair.entries(shape),
                sums.absolute,
                sums.squares,
                sums.baseSquares,
                sums.largest,
                sums.unchanged,
                sums.unchangedBfloat16,
                spectral,
                counted,
                matrix && angles > 0 ? Subspaces.angles(opened, name, shape, angles, manager) : null);
    }

    /// Singular values of float64's Gram matrix are right to about 1e-8 of the largest, and the tolerance is
    /// above that for matrices of any size.
    private static int rank(NDArray gram, long[] shape) {
        double[] squares = Aten.singularValues(gram).toDoubleArray();
        double tolerance = Math.max(shape[0], shape[1]) * 0x1p-23;
        double least = squares[0] * tolerance * tolerance;
        return Math.toIntExact(
                Arrays.stream(squares).filter(square -> square > least).count());
    }

    /// What is summed over the chunks of one weight.
    private static final class Sums {

        private double absolute;
        private double squares;
        private double baseSquares;
        private double largest;
        private long unchanged;
        private long unchangedBfloat16;

        /// Adds a chunk; whether it has changed.
        boolean add(NDArray base, NDArray model, NDArray change) {
            baseSquares += base.square().sum().getDouble();
            NDArray size = change.abs();
            double most = size.max().getDouble();
            if (most == 0) {
                unchanged += change.size();
                unchangedBfloat16 += change.size();
                return false;
            }
            largest = Math.max(largest, most);
            absolute += size.sum().getDouble();
            squares += change.square().sum().getDouble();
            unchanged += equal(base, model, Dtype.FLOAT32);
            unchangedBfloat16 += equal(base, model, Dtype.BFLOAT16);
            return true;
        }

        private static long equal(NDArray base, NDArray model, Dtype dtype) {
            NDArray same = rounded(base, dtype).eq(rounded(model, dtype));
            return (long) Aten.to(same, Dtype.FLOAT64).sum().getDouble();
        }

        /// Rounded to `dtype`, in float32, which DJL can compare.
        private static NDArray rounded(NDArray x, Dtype dtype) {
            return Aten.to(Aten.to(x, dtype), Dtype.FLOAT32);
        }
    }
}
