package dev.razor.core.pretrained;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.lora.Adapter;
import dev.razor.core.lora.AdapterDirectory;
import dev.razor.core.lora.LinearLayers;
import dev.razor.core.nn.Lora;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts an adapter into the weights of its base:
///
/// ```
/// W' = W + scale B A                              in float32, rounded once, to the type that W is stored in
/// ```
///
/// Tensors are read, merged and written one after the other, in the shards of the base; those without an adapter
/// keep their bytes.
public final class AdapterMerge {

    private AdapterMerge() {}

    /// Writes the merged model, a Hugging Face directory, to `target`: all of it, or nothing.
    ///
    /// @param base the base model; null for the one that the adapter names
    /// @throws dev.razor.core.base.CheckpointException if adapter and base do not fit
    public static void write(Path adapter, @Nullable Path base, Path target) {
        AdapterDirectory directory = AdapterDirectory.open(adapter);
        Path model = directory.base(base);
        directory.requireBase(model);
        boolean tied =
                ModelConfigFile.qwen2(model, ModelConfigFile.readJson(model)).tieWordEmbeddings();
        try (NDManager cpu = Tensors.newManager("cpu");
                Checkpoint checkpoint = Checkpoint.open(model);
                GradMode _ = GradMode.off()) {
            LinearLayers layers = LinearLayers.of(checkpoint, tied);
            Adapter loaded = Adapter.load(cpu, Dtype.FLOAT32, directory, layers);
            OutputDirectory.publish(target, path -> {
                Files.createDirectories(path);
                Files.copy(model.resolve(ModelConfigFile.NAME), path.resolve(ModelConfigFile.NAME));
                ModelExport.copyCompanions(directory.tokenizer(model), model, path);
                SafetensorsWriter.writeShards(path, shards(checkpoint, loaded, tied));
            });
        }
    }

    private static List<Map<String, SafetensorsWriter.Source>> shards(
            Checkpoint checkpoint, Adapter adapter, boolean tied) {
        Map<String, Lora> updates = new LinkedHashMap<>();
        adapter.layers().forEach((layer, lora) -> updates.put(LinearLayers.weight(layer), lora));
        Map<Integer, Map<String, SafetensorsWriter.Source>> shards = new TreeMap<>();
        for (String name : checkpoint.names()) {
            if (!(tied && name.equals(LinearLayers.weight(LinearLayers.HEAD)))) {
                shards.computeIfAbsent(checkpoint.shardOf(name), _ -> new LinkedHashMap<>())
                        .put(name, source(checkpoint.fileOf(name), name, updates.get(name)));
            }
        }
        return List.copyOf(shards.values());
    }

    private static SafetensorsWriter.Source source(SafetensorsFile file, String name, @Nullable Lora update) {
        return new SafetensorsWriter.Source(file.dtype(name), file.shape(name), cpu -> {
            NDArray weight = file.view(cpu, name);
            return update == null ? weight : merged(weight, update);
        });
    }

    /// `[out, in]`, float32.
    private static NDArray merged(NDArray weight, Lora update) {
        NDArray product = update.b().matMul(update.a()); // [out, in]
        return Aten.to(weight, Dtype.FLOAT32).add(product.mul(update.scale()));
    }
}
