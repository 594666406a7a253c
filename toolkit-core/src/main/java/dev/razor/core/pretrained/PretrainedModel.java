package dev.razor.core.pretrained;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.CheckpointWeights;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.lora.Adapter;
import dev.razor.core.lora.AdapterDirectory;
import dev.razor.core.lora.LinearLayers;
import dev.razor.core.lora.LoraSettings;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.LoadedWeights;
import dev.razor.core.nn.LoraWeights;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Sha256;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A language model in memory with everything that belongs to it; owns its tensors and its mapped files.
///
/// Its directory is a Hugging Face model's, or a PEFT adapter's: then the base that the adapter names is loaded,
/// frozen, and the adapter is applied beside its weights.
public final class PretrainedModel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PretrainedModel.class);

    private final Path directory;
    private final NDManager manager;
    private final CausalLm model;
    private final Dtype dtype;
    private final Base base;
    private final @Nullable Attached attached;
    private final @Nullable LoadOptions options;
    private final Runnable release;
    private @Nullable Tokenizer tokenizer;

    /// The model without an adapter.
    ///
    /// @param exportTypes the type each weight is exported in
    /// @param shardOf the shard each was read from; empty if there are none
    private record Base(
            Path directory,
            ObjectNode configJson,
            Qwen2Config config,
            Map<String, NDArray> parameters,
            Map<String, Dtype> exportTypes,
            Map<String, Integer> shardOf) {}

    /// An adapter and where it belongs.
    ///
    /// @param tokenizer the directory whose tokenizer it goes with
    /// @param isNew whether it was made for this model rather than read
    private record Attached(Adapter adapter, String baseDigest, Path tokenizer, boolean isNew) {}

    private PretrainedModel(
            Path directory,
            NDManager manager,
            CausalLm model,
            Dtype dtype,
            Base base,
            @Nullable Attached attached,
            @Nullable LoadOptions options,
            Runnable release) {
        this.directory = directory;
        this.manager = manager;
        this.model = model;
        this.dtype = dtype;
        this.base = base;
        this.attached = attached;
        this.options = options;
        this.release = release;
    }

    /// Loads the model in `directory`. An adapter that is there is trained on, as it is, where the model is
    /// trainable: its rank, scale and layers are its own, whatever new adapter the options ask for.
    ///
    /// @throws dev.razor.core.base.CheckpointException naming the file and what is wrong with it
    public static PretrainedModel load(Path directory, LoadOptions options) {
        AdapterDirectory stored = AdapterDirectory.is(directory) ? AdapterDirectory.open(directory) : null;
        Path baseDirectory = stored == null ? directory : stored.base(null);
        ObjectNode json = ModelConfigFile.readJson(baseDirectory);
        Qwen2Config config = ModelConfigFile.qwen2(baseDirectory, json);
        boolean adapted = stored != null || options.lora() != null;
        NDManager manager = Tensors.newManager(options.device());
        Checkpoint checkpoint = null;
        boolean loaded = false;
        try (NDScope _ = new NDScope()) {
            checkpoint = Checkpoint.open(baseDirectory);
            Dtype dtype = options.computeType(checkpoint.storedType());
            Attached attached = adapted
                    ? attach(manager, dtype, stored, LinearLayers.of(checkpoint, config.tieWordEmbeddings()), options)
                    : null;
            var weights = new CheckpointWeights(manager, checkpoint, dtype, options.trainable() && !adapted);
            Qwen2Decoder model = Qwen2Decoder.load(
                    manager, config, attached == null ? weights : new LoraWeights(weights, attached.adapter.layers()));
            warnOfUnused(baseDirectory, weights.unused());
            Map<String, Dtype> exportTypes = new LinkedHashMap<>();
            Map<String, Integer> shardOf = new LinkedHashMap<>();
            for (String name : weights.loaded().keySet()) {
                Dtype storedType = checkpoint.fileOf(name).dtype(name);
                exportTypes.put(name, options.keepsStoredType() ? storedType : dtype);
                if (checkpoint.shards() > 1) {
                    shardOf.put(name, checkpoint.shardOf(name));
                }
            }
            keep(weights.loaded());
            Checkpoint opened = checkpoint;
            var base = new Base(baseDirectory, json, config, weights.loaded(), exportTypes, shardOf);
            loaded = true;
            return new PretrainedModel(directory, manager, model, dtype, base, attached, options, () -> {
                manager.close();
                opened.close();
            });
        } finally {
            if (!loaded) {
                manager.close();
                if (checkpoint != null) {
                    checkpoint.close();
                }
            }
        }
    }

    /// Reads the adapter in `stored`, or makes the one that the options ask for.
    private static Attached attach(
            NDManager manager,
            Dtype dtype,
            @Nullable AdapterDirectory stored,
            LinearLayers layers,
            LoadOptions options) {
        Attached attached;
        if (stored != null) {
            String digest = stored.requireBase(layers.base());
            Adapter adapter = Adapter.load(manager, dtype, stored, layers);
            attached = new Attached(adapter, digest, stored.tokenizer(layers.base()), false);
        } else {
            LoraSettings settings = Objects.requireNonNull(options.lora());
            Adapter adapter = Adapter.create(manager, dtype, layers, settings);
            attached = new Attached(adapter, Sha256.ofModel(layers.base()), layers.base(), true);
        }
        Map<String, NDArray> tensors = attached.adapter.tensors();
        tensors.values().forEach(tensor -> tensor.setRequiresGradient(options.trainable()));
        keep(tensors);
        return attached;
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
            var base = new Base(directory, configJson, config, weights.created(), exportTypes, Map.of());
            return new PretrainedModel(directory, manager, model, Dtype.FLOAT32, base, null, null, manager::close);
        }
    }

    /// The frozen model that training began from: beside a new adapter the base over the same memory, else the
    /// directory loaded once more. To be closed, and before this model.
    public PretrainedModel reference() {
        if (options == null) {
            throw new IllegalStateException("a model of random weights began from none");
        }
        LoadOptions frozen = LoadOptions.frozen(options.device(), options.dtype());
        if (attached == null || !attached.isNew) {
            return load(directory, frozen);
        }
        Qwen2Decoder bare = Qwen2Decoder.load(manager, base.config, new LoadedWeights("", base.parameters));
        return new PretrainedModel(directory, manager, bare, dtype, base, null, frozen, () -> {});
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

    /// Its sizes.
    public Qwen2Config shape() {
        return base.config;
    }

    /// The type it is computed in.
    public Dtype dtype() {
        return dtype;
    }

    /// All weights by their names in the checkpoint, in the order of the architecture; a tied head is not among
    /// them, nor is an adapter.
    public Map<String, NDArray> parameters() {
        return base.parameters;
    }

    /// What training changes, by name: an adapter's tensors under PEFT's names where there is one, else all
    /// weights; nothing in a model that is only read.
    public SequencedMap<String, NDArray> trainable() {
        SequencedMap<String, NDArray> trainable = new LinkedHashMap<>();
        if (attached != null) {
            trainable.putAll(attached.adapter.tensors());
        } else {
            trainable.putAll(base.parameters);
        }
        trainable.values().removeIf(tensor -> !tensor.hasGradient());
        return Collections.unmodifiableSequencedMap(trainable);
    }

    /// The adapter applied beside the weights, or null.
    public @Nullable Adapter adapter() {
        return attached == null ? null : attached.adapter;
    }

    /// The number of weights, those of an adapter not counted.
    public long parameterCount() {
        return base.parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /// Its tokenizer, read when first asked for.
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.load(attached == null ? base.directory : attached.tokenizer);
        }
        return tokenizer;
    }

    /// Publishes the model as a Hugging Face directory, or its adapter as a PEFT adapter's: all of it under
    /// `target`, or nothing.
    ///
    /// A sharded model is written in the shards it was read from. Each weight is written in its stored type
    /// where the model was loaded with `dtype: auto`, else in the type it was loaded in; an adapter in the type
    /// it is computed in.
    public void export(Path target) {
        export(target, OptionalLong.empty(), _ -> {});
    }

    /// The same with `more`, which writes further files into the directory before it gets its name.
    ///
    /// @param maxShardBytes the largest weight file; empty keeps the shards that were read
    public void export(Path target, OptionalLong maxShardBytes, OutputDirectory.Writer more) {
        if (attached != null) {
            ModelExport.publishAdapter(
                    target, attached.tokenizer, base.directory, attached.baseDigest, attached.adapter, more);
        } else {
            ModelExport.publish(
                    target,
                    base.directory,
                    base.configJson,
                    base.parameters,
                    base.exportTypes,
                    base.shardOf,
                    maxShardBytes,
                    more);
        }
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
        release.run();
    }
}
