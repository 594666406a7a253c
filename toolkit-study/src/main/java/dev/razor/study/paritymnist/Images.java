package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.Check;
import dev.razor.core.base.DataException;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Images of one task as the network takes them, and their classes.
///
/// ```
/// input = (pixel / 255 - mean) / std  of every pixel, then the task's indicator: +1 new, -1 old
/// ```
///
/// @param inputs `[n, pixels + 1]` float32
/// @param labels `[n]` 0 to 9
record Images(NDArray inputs, byte[] labels) {

    static final int CLASSES = 10;

    /// A task of the experiment: which data set, and how its pixels are spread over its training images.
    enum Task {
        NEW("mnist", 0.1307, 0.3081, 1),
        OLD("fashion-mnist", 0.2860, 0.3530, -1);

        private final String folder;
        private final double mean;
        private final double std;
        private final float indicator;

        Task(String folder, double mean, double std, float indicator) {
            this.folder = folder;
            this.mean = mean;
            this.std = std;
            this.indicator = indicator;
        }

        /// The file of images or labels in the folder `data`, compressed or not.
        ///
        /// @param set `train` or `t10k`
        /// @param kind `images-idx3` or `labels-idx1`
        Path file(Path data, String set, String kind) {
            Path zipped = data.resolve(folder).resolve("%s-%s-ubyte.gz".formatted(set, kind));
            Path plain = data.resolve(folder).resolve("%s-%s-ubyte".formatted(set, kind));
            return Files.exists(plain) && !Files.exists(zipped) ? plain : zipped;
        }
    }

    /// Reads `train` or `t10k` of a task.
    ///
    /// @throws DataException if the files lack, are damaged or do not belong together
    static Images read(NDManager manager, Path data, Task task, String set) {
        Path imagesFile = task.file(data, set, "images-idx3");
        Path labelsFile = task.file(data, set, "labels-idx1");
        IdxFile images = IdxFile.read(imagesFile, 3);
        IdxFile labels = IdxFile.read(labelsFile, 1);
        int count = labels.bytes().length;
        if (images.sizes().getFirst() != count) {
            throw new DataException("%s: has %d images, %s has %d labels; they must come from one data set"
                    .formatted(imagesFile, images.sizes().getFirst(), labelsFile, count));
        }
        for (byte label : labels.bytes()) {
            if (label < 0 || label >= CLASSES) {
                throw new DataException(
                        "%s: has the label %d, expected 0 to 9; get it again".formatted(labelsFile, label & 0xff));
            }
        }
        return new Images(inputs(manager, images.bytes(), count, task), labels.bytes());
    }

    private static NDArray inputs(NDManager manager, byte[] bytes, int count, Task task) {
        int pixels = bytes.length / count;
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i / 255.0 - task.mean) / task.std);
        }
        NDArray inputs = Tensors.empty(manager, Dtype.FLOAT32, count, pixels + 1);
        MemorySegment memory = Tensors.memory(inputs);
        for (int row = 0; row < count; row++) {
            long at = (long) row * (pixels + 1);
            for (int i = 0; i < pixels; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, at + i, values[bytes[row * pixels + i] & 0xff]);
            }
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, at + pixels, task.indicator);
        }
        return inputs;
    }

    int size() {
        return labels.length;
    }

    /// Those that `rows` name, in that order, in memory of their own.
    Images take(NDManager manager, int[] rows) {
        byte[] taken = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            taken[i] = labels[rows[i]];
        }
        NDArray selected = rows(inputs, rows);
        selected.attach(manager);
        return new Images(selected, taken);
    }

    /// The first `count`, or all where there are no more.
    Images first(int count) {
        return count >= size() ? this : new Images(Aten.narrow(inputs, 0, 0, count), Arrays.copyOf(labels, count));
    }

    /// These images, then those of `other`.
    Images and(Images other) {
        byte[] both = Arrays.copyOf(labels, size() + other.size());
        System.arraycopy(other.labels, 0, both, size(), other.size());
        return new Images(inputs.concat(other.inputs, 0), both);
    }

    /// Rows of `table` `[n, ...]`.
    static NDArray rows(NDArray table, int[] rows) {
        try (NDArray index =
                table.getManager().create(Arrays.stream(rows).asLongStream().toArray())) {
            return Aten.indexSelect(table, 0, index);
        }
    }

    /// Whether an even digit may be called `label`, or an odd one.
    static boolean sameParity(int digit, int label) {
        Check.that(digit >= 0 && digit < CLASSES, "a digit is 0 to 9, got %d", digit);
        return (digit - label) % 2 == 0;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
