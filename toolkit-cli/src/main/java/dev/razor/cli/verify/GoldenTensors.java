package dev.razor.cli.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.DataException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.tensor.Dtype;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/// A golden safetensors file, read tensor by tensor into Java arrays.
final class GoldenTensors implements AutoCloseable {

    private final String where;
    private final SafetensorsFile file;

    /// @param where its name in messages
    GoldenTensors(String where, SafetensorsFile file) {
        this.where = where;
        this.file = file;
    }

    Set<String> names() {
        return file.names();
    }

    long[] shape(String name) {
        return file.shape(name);
    }

    /// Throws unless the tensor has this shape.
    void requireShape(String name, long... shape) {
        if (!Arrays.equals(file.shape(name), shape)) {
            throw new DataException("%s: %s has shape %s where Razor computes %s; restore the file"
                    .formatted(where, name, Arrays.toString(file.shape(name)), Arrays.toString(shape)));
        }
    }

    /// Throws unless the file holds a tensor for each parameter of the model, and no other.
    void requireNames(Set<String> parameters) {
        if (!names().equals(parameters)) {
            var missing = new TreeSet<>(parameters);
            missing.removeAll(names());
            var unknown = new TreeSet<>(names());
            unknown.removeAll(parameters);
            throw new DataException("%s: lacks the parameters %s and holds %s, which the model does not have"
                    .formatted(where, missing, unknown));
        }
    }

    float[] floats(String name) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                NDArray tensor = file.copy(manager, name, Dtype.FLOAT32)) {
            return tensor.toFloatArray();
        }
    }

    long[] integers(String name) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                NDArray tensor = file.copy(manager, name, Dtype.INT64)) {
            return tensor.toLongArray();
        }
    }

    /// Token ids, each below `vocabularySize`.
    long[] tokenIds(String name, int vocabularySize) {
        long[] ids = integers(name);
        for (long id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new DataException("%s: %s holds token %d, the model's vocab_size is %d; restore the file"
                        .formatted(where, name, id, vocabularySize));
            }
        }
        return ids;
    }

    @Override
    public void close() {
        file.close();
    }
}
