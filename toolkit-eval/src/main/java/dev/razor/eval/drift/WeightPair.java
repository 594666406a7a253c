package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The weights of a base and of another model of the same architecture, side by side.
final class WeightPair implements AutoCloseable {

    /// Entries of a weight that are looked at together: 32 MiB in float64.
    private static final long CHUNK = 1L << 22;

    private final ModelWeights base;
    private final ModelWeights model;

    /// @throws CheckpointException with a line for every weight that only one has, or that has two shapes
    WeightPair(Path baseDirectory, Path modelDirectory) {
        base = new ModelWeights(baseDirectory);
        boolean fits = false;
        try {
            model = new ModelWeights(modelDirectory);
            try {
                requireSameShapes();
                fits = true;
            } finally {
                if (!fits) {
                    model.close();
                }
            }
        } finally {
            if (!fits) {
                base.close();
            }
        }
    }

    private void requireSameShapes() {
        List<String> problems = new ArrayList<>();
        for (String name : base.names()) {
            if (!model.names().contains(name)) {
                problems.add("%s: has no tensor %s, which %s has; give two models of one architecture"
                        .formatted(model.directory(), name, base.directory()));
            } else if (!Arrays.equals(base.shape(name), model.shape(name))) {
                problems.add("%s: tensor %s has shape %s, but %s in %s; give two models of one architecture"
                        .formatted(
                                model.directory(),
                                name,
                                Arrays.toString(model.shape(name)),
                                Arrays.toString(base.shape(name)),
                                base.directory()));
            }
        }
        for (String name : model.names()) {
            if (!base.names().contains(name)) {
                problems.add("%s: has a tensor %s, which %s does not have; give two models of one architecture"
                        .formatted(model.directory(), name, base.directory()));
            }
        }
        if (!problems.isEmpty()) {
            throw new CheckpointException(problems);
        }
    }

    /// The names of all weights.
    Set<String> names() {
        return base.names();
    }

    /// The shape of weight `name`.
    long[] shape(String name) {
        return base.shape(name);
    }

    /// Entries of all weights.
    long entries() {
        return names().stream().mapToLong(name -> entries(shape(name))).sum();
    }

    static long entries(long[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /// The axis along which a weight is cut into chunks: the longer one of a matrix, so that the Gram matrix
    /// over the other one is the smaller.
    static int chunkedAxis(long[] shape) {
        return shape.length == 2 && shape[1] > shape[0] ? 1 : 0;
    }

    /// Looks at a chunk of a weight.
    interface Chunk {

        /// Is shown one chunk.
        ///
        /// @param base slices along [#chunkedAxis], in float64
        /// @param model the same of the other model
        /// @param from the first of them
        void accept(NDArray base, NDArray model, long from);
    }

    /// A sum of finite numbers in float64 is finite.
    private static void requireNumbers(NDArray slice, ModelWeights of, String name) {
        double sum = slice.sum().getDouble();
        if (!Double.isFinite(sum)) {
            throw new CheckpointException(
                    "%s: tensor %s holds NaN or infinity, their sum is %s; did the training diverge? give another checkpoint"
                            .formatted(of.directory(), name, sum));
        }
    }

    /// Both models' files, mapped.
    final class Opened implements AutoCloseable {

        private final Checkpoint baseFiles = base.open();
        private final Checkpoint modelFiles = model.open();

        /// Hands weight `name` to `action`, chunk after chunk, on the device of `target`. What it makes is freed
        /// behind each chunk.
        void forEachChunk(String name, NDManager target, Chunk action) {
            long[] shape = shape(name);
            int axis = chunkedAxis(shape);
            long slice = Math.max(1, entries(shape) / Math.max(1, shape[axis]));
            long count = Math.max(1, CHUNK / slice);
            try (NDManager cpu = Tensors.newManager("cpu");
                    NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                ModelWeights.Tensor a = base.tensor(baseFiles, cpu, name);
                ModelWeights.Tensor b = model.tensor(modelFiles, cpu, name);
                for (long from = 0; from < shape[axis]; from += count) {
                    long size = Math.min(count, shape[axis] - from);
                    try (NDScope _ = new NDScope()) {
                        NDArray ofBase = a.slice(target, axis, from, size);
                        NDArray ofModel = b.slice(target, axis, from, size);
                        requireNumbers(ofBase, base, name);
                        requireNumbers(ofModel, model, name);
                        action.accept(ofBase, ofModel, from);
                    }
                }
            }
        }

        @Override
        public void close() {
            baseFiles.close();
            modelFiles.close();
        }
    }

    /// Maps both models' files.
    Opened open() {
        return new Opened();
    }

    @Override
    public void close() {
        base.close();
        model.close();
    }
}
