package dev.razor.core.pretrained;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.CheckpointWeights;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A language model in memory with everything that belongs to it; owns its tensors and its mapped files.
public final class PretrainedModel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PretrainedModel.class);

    private final Path directory;
    private final ObjectNode configJson;
    private final NDManager manager;
    private final @Nullable Checkpoint checkpoint;
    private final CausalLm model;
    private final Map<String, NDArray> parameters;
    private final Map<String, Dtype> exportTypes;
    private final Map<String, Integer> shardOf;
    private final Dtype dtype;
    private @Nullable Tokenizer tokenizer;

    private PretrainedModel(
            Path directory,
            ObjectNode configJson,
            NDManager manager,
            @Nullable Checkpoint checkpoint,
            CausalLm model,
            Map<String, NDArray> parameters,
            Map<String, Dtype> exportTypes,
            Map<String, Integer> shardOf,
            Dtype dtype) {
        this.directory = directory;
        this.configJson = configJson;
        this.manager = manager;
        this.checkpoint = checkpoint;
        this.model = model;
        this.parameters = parameters;
        this.exportTypes = exportTypes;
        this.shardOf = shardOf;
        this.dtype = dtype;
    }

    /// Loads the model in `directory`.
    ///
    /// @throws dev.razor.core.base.CheckpointException naming the file and what is wrong with it
    public static PretrainedModel load(Path directory, LoadOptions options) {
        ObjectNode json = ModelConfigFile.readJson(directory);
        Qwen2Config config = ModelConfigFile.qwen2(directory, json);
        NDManager manager = Tensors.newManager(options.device());
        Checkpoint checkpoint = null;
        boolean loaded = false;
        try (NDScope _ = new NDScope()) {
            checkpoint = Checkpoint.open(directory);
            Dtype dtype = options.computeType(checkpoint.storedType());
            var weights = new CheckpointWeights(manager, checkpoint, dtype, options.trainable());
            Qwen2Decoder model = Qwen2Decoder.load(manager, config, weights);
            warnOfUnused(directory, weights.unused());
            Map<String, Dtype> exportTypes = new LinkedHashMap<>();
            Map<String, Integer> shardOf = new LinkedHashMap<>();
            for (String name : weights.loaded().keySet()) {
                Dtype stored = checkpoint.fileOf(name).dtype(name);
                exportTypes.put(name, options.keepsStoredType() ? stored : dtype);
                if (checkpoint.shards() > 1) {
                    shardOf.put(name, checkpoint.shardOf(name));
                }
            }
            keep(weights.loaded());
            loaded = true;
            return new PretrainedModel(
                    directory, json, manager, checkpoint, model, weights.loaded(), exportTypes, shardOf, dtype);
        } finally {
            if (!loaded) {
                manager.close();
                if (checkpoint != null) {
                    checkpoint.close();
                }
            }
        }
    }

    /// Makes a model of random float32 weights, trainable; `directory` holds its tokenizer.
    ///
    /// @param configJson what `config.json` is to say; its sizes are those of the model
    public static PretrainedModel random(Path directory, ObjectNode configJson, String device, double std, long seed) {
        Qwen2Config config = ModelConfigFile.qwen2(directory, configJson);
        NDManager manager = Tensors.newManager(device);
        var weights = new RandomWeights(manager, std, seed);
        try (NDScope _ = new NDScope()) {
            Qwen2Decoder model = Qwen2Decoder.load(manager, config, weights);
            keep(weights.created());
            Map<String, Dtype> exportTypes = new LinkedHashMap<>();
            weights.created().keySet().forEach(name -> exportTypes.put(name, Dtype.FLOAT32));
            return new PretrainedModel(
                    directory,
                    configJson,
                    manager,
                    null,
                    model,
                    weights.created(),
                    exportTypes,
                    Map.of(),
                    Dtype.FLOAT32);
        }
    }

    private static void warnOfUnused(Path directory, List<String> unused) {
        if (!unused.isEmpty()) {
            LOG.warn(
                    "{}: {} stored tensors belong to no part of the model and are left out: {}",
                    directory,
                    unused.size(),
                    unused);
        }
    }

    private static void keep(Map<String, NDArray> parameters) {
        parameters.values().forEach(NDScope::unregister);
    }

    /// Where it was loaded from.
    public Path directory() {
        return directory;
    }

    public CausalLm model() {
        return model;
    }

    public NDManager manager() {
        return manager;
    }

    /// The type it is computed in.
    public Dtype dtype() {
        return dtype;
    }

    /// All weights by their names in the checkpoint, in the order of the architecture; a tied head is not among
    /// them.
    public Map<String, NDArray> parameters() {
        return parameters;
    }

    /// The number of weights.
    public long parameterCount() {
        return parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /// Its tokenizer, read when first asked for.
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.load(directory);
        }
        return tokenizer;
    }

    /// Publishes the model as a Hugging Face directory: all of it under `target`, or nothing.
    ///
    /// A sharded model is written in the shards it was read from. Each weight is written in its stored type
    /// where the model was loaded with `dtype: auto`, else in the
    /// type it was
    /// loaded in.
    public void export(Path target) {
        export(target, _ -> {});
    }

    /// The same with `more`, which writes further files into the directory before it gets its name.
    public void export(Path target, OutputDirectory.Writer more) {
        ModelExport.publish(target, directory, configJson, parameters, exportTypes, shardOf, more);
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
        manager.close();
        if (checkpoint != null) {
            checkpoint.close();
        }
    }
}
