package dev.razor.core.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.CheckpointWeights;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.Map;

/// A golden model in memory.
public final class LoadedGolden implements AutoCloseable {

    private final NDManager manager = Tensors.newManager("cpu");
    private final Checkpoint checkpoint;
    private final Qwen2Decoder model;
    private final Map<String, NDArray> parameters;

    private LoadedGolden(Path directory, Dtype dtype, boolean trainable) {
        checkpoint = Checkpoint.open(directory);
        var weights = new CheckpointWeights(manager, checkpoint, dtype, trainable);
        model = Qwen2Decoder.load(
                manager, ModelConfigFile.qwen2(directory, ModelConfigFile.readJson(directory)), weights);
        parameters = weights.loaded();
    }

    public static LoadedGolden frozen(String name) {
        return new LoadedGolden(Golden.directory().resolve(name), Dtype.FLOAT32, false);
    }

    public static LoadedGolden trainable(Dtype dtype) {
        return new LoadedGolden(Golden.model(), dtype, true);
    }

    public NDManager manager() {
        return manager;
    }

    public Qwen2Decoder model() {
        return model;
    }

    public Map<String, NDArray> parameters() {
        return parameters;
    }

    @Override
    public void close() {
        manager.close();
        checkpoint.close();
    }
}
