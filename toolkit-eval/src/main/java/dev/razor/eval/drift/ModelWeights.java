package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.lora.Adapter;
import dev.razor.core.lora.AdapterDirectory;
import dev.razor.core.lora.LinearLayers;
import dev.razor.core.nn.Lora;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The weights that a model computes with, read a piece at a time: those of a Hugging Face directory, or of a
/// base with a PEFT adapter added, `W + scale B A`. A head that is the token table is not a weight of its own.
///
/// Files are mapped anew for each tensor ([#open]), so that no more than one tensor's pages count as this
/// process's.
final class ModelWeights implements AutoCloseable {

    private final Path directory;
    private final Path files;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, Lora> updates = new LinkedHashMap<>();
    private final NDManager manager = Tensors.newManager("cpu");

    /// Looks at the files of `directory` without reading weights; an adapter is read whole.
    ///
    /// @throws CheckpointException naming the file and what is wrong with it
    ModelWeights(Path directory) {
        this.directory = directory;
        AdapterDirectory adapter = AdapterDirectory.is(directory) ? AdapterDirectory.open(directory) : null;
        files = adapter == null ? directory : adapter.base(null);
        boolean tied =
                ModelConfigFile.qwen2(files, ModelConfigFile.readJson(files)).tieWordEmbeddings();
        boolean read = false;
        try (Checkpoint checkpoint = Checkpoint.open(files)) {
            for (String name : checkpoint.names()) {
                SafetensorsFile file = checkpoint.fileOf(name);
                if (!file.dtype(name).isFloating()) {
                    throw new CheckpointException(
                            "%s: tensor %s has type %s, but weights are F32, BF16 or F16; download the model again"
                                    .formatted(files, name, file.dtype(name)));
                }
                if (!(tied && name.equals(LinearLayers.weight(LinearLayers.HEAD)))) {
                    shapes.put(name, file.shape(name));
                }
            }
            if (adapter != null) {
                LinearLayers layers = LinearLayers.of(checkpoint, tied);
                adapter.requireBase(files);
                Adapter.load(manager, Dtype.FLOAT32, adapter, layers)
                        .layers()
                        .forEach((layer, lora) -> updates.put(LinearLayers.weight(layer), lora));
            }
            read = true;
        } finally {
            if (!read) {
                manager.close();
            }
        }
    }

    /// Where the model lies.
    Path directory() {
        return directory;
    }

    /// The names of all weights, in the order of the files.
    Set<String> names() {
        return Collections.unmodifiableSet(shapes.keySet());
    }

    /// The shape of weight `name`, which there must be.
    long[] shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name).clone();
    }

    /// Maps the files.
    Checkpoint open() {
        return Checkpoint.open(files);
    }

    /// A weight of an open checkpoint, on the CPU.
    ///
    /// @param stored `[rows, columns]` or `[entries]`, as it is stored
    /// @param update what an adapter adds
    record Tensor(NDArray stored, @Nullable Lora update) {

        /// Slices `from` to `from + count - 1` along `axis`, in float64 on the manager's device.
        NDArray slice(NDManager target, int axis, long from, long count) {
            NDArray part = Aten.narrow(stored, axis, from, count);
            NDArray values =
                    Tensors.empty(target, Dtype.FLOAT64, part.getShape().getShape());
            Aten.copyInPlace(values, part);
            return update == null ? values : values.add(delta(update, target, axis, from, count));
        }

        /// `scale B A`, the same slices.
        private static NDArray delta(Lora update, NDManager target, int axis, long from, long count) {
            NDArray b = axis == 0 ? Aten.narrow(update.b(), 0, from, count) : update.b(); // [rows, r]
            NDArray a = axis == 1 ? Aten.narrow(update.a(), 1, from, count) : update.a(); // [r, columns]
            return on(target, b).matMul(on(target, a)).mul(update.scale()); // [rows, columns]
        }

        private static NDArray on(NDManager target, NDArray x) {
            NDArray copy = Tensors.empty(target, Dtype.FLOAT64, x.getShape().getShape());
            Aten.copyInPlace(copy, x);
            return copy;
        }
    }

    /// Weight `name` of the files that [#open] mapped; a view that `cpu` owns.
    Tensor tensor(Checkpoint opened, NDManager cpu, String name) {
        return new Tensor(opened.fileOf(name).view(cpu, name), updates.get(name));
    }

    @Override
    public void close() {
        manager.close();
    }
}
