package dev.razor.core.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.nn.Weights;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// A checkpoint's tensors as a model asks for them: in the type and on the device the model is computed in.
///
/// Frozen weights that are stored in the right type stay views of the mapped file; all others are copied,
/// trainable ones always, because writing to a mapped file's memory ends the process.
public final class CheckpointWeights implements Weights {

    private final NDManager manager;
    private final Checkpoint checkpoint;
    private final Dtype dtype;
    private final boolean trainable;
    private final String prefix;
    private final Map<String, NDArray> loaded;

    public CheckpointWeights(NDManager manager, Checkpoint checkpoint, Dtype dtype, boolean trainable) {
        this(manager, checkpoint, dtype.requireCompute(), trainable, "", new LinkedHashMap<>());
    }

    private CheckpointWeights(
            NDManager manager,
            Checkpoint checkpoint,
            Dtype dtype,
            boolean trainable,
            String prefix,
            Map<String, NDArray> loaded) {
        this.manager = manager;
        this.checkpoint = checkpoint;
        this.dtype = dtype;
        this.trainable = trainable;
        this.prefix = prefix;
        this.loaded = loaded;
    }

    @Override
    public Weights at(String child) {
        return new CheckpointWeights(manager, checkpoint, dtype, trainable, prefix + child + ".", loaded);
    }

    @Override
    public NDArray tensor(String name, long... shape) {
        String fullName = prefix + name;
        SafetensorsFile file = checkpoint.fileOf(fullName);
        if (!Arrays.equals(file.shape(fullName), shape)) {
            throw new CheckpointException(
                    "%s: tensor %s has shape %s, but config.json asks for %s; the files are of different models, download the model again"
                            .formatted(
                                    checkpoint.directory(),
                                    fullName,
                                    Arrays.toString(file.shape(fullName)),
                                    Arrays.toString(shape)));
        }
        Dtype stored = file.dtype(fullName);
        if (!stored.isFloating()) {
            throw new CheckpointException(
                    "%s: tensor %s has type %s, but weights are F32, BF16 or F16; download the model again"
                            .formatted(checkpoint.directory(), fullName, SafetensorsHeader.nameOf(stored)));
        }
        boolean mapped = !trainable && stored == dtype && manager.getDevice().equals(Device.cpu());
        NDArray tensor = mapped ? file.view(manager, fullName) : file.copy(manager, fullName, dtype);
        if (trainable) {
            tensor.setRequiresGradient(true);
        }
        loaded.put(fullName, tensor);
        return tensor;
    }

    /// Every tensor handed out so far, by full name, in the order of the requests.
    public Map<String, NDArray> loaded() {
        return Collections.unmodifiableMap(loaded);
    }

    /// The names of stored tensors that nobody asked for, sorted.
    public List<String> unused() {
        var unused = new TreeSet<>(checkpoint.names());
        unused.removeAll(loaded.keySet());
        return new ArrayList<>(unused);
    }
}
