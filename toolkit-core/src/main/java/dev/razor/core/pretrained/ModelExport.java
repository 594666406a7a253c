package dev.razor.core.pretrained;

import ai.djl.ndarray.NDArray;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.lora.Adapter;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a Hugging Face model directory: config.json, weights, and the files beside them that belong to the
/// tokenizer and to generation, byte for byte.
final class ModelExport {

    /// Hugging Face's own default for the size of a shard.
    private static final long MAX_SHARD_BYTES = 5_000_000_000L;

    private static final String GENERATION = "generation_config.json";

    private static final List<String> COMPANIONS = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json",
            "merges.txt",
            "added_tokens.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            GENERATION);

    private static final JsonMapper JSON = JsonMapper.shared();

    private ModelExport() {}

    static void publish(
            Path target,
            Path source,
            ObjectNode configJson,
            Map<String, NDArray> parameters,
            Map<String, Dtype> exportTypes,
            Map<String, Integer> shardOf,
            OptionalLong maxShardBytes,
            OutputDirectory.Writer more) {
        OutputDirectory.publish(target, directory -> {
            Files.createDirectories(directory);
            ObjectNode config = withType(configJson.deepCopy(), exportTypes);
            Files.writeString(
                    directory.resolve(ModelConfigFile.NAME),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
            copyCompanions(source, directory);
            Function<String, Dtype> types = name -> Objects.requireNonNull(exportTypes.get(name));
            if (shardOf.isEmpty() || maxShardBytes.isPresent()) {
                SafetensorsWriter.writeModel(directory, parameters, types, maxShardBytes.orElse(MAX_SHARD_BYTES));
            } else {
                SafetensorsWriter.writeShards(directory, asRead(parameters, shardOf), types);
            }
            more.write(directory);
        });
    }

    /// Writes a PEFT adapter's directory; `tokenizer` and `base` are where the files beside it come from.
    static void publishAdapter(
            Path target, Path tokenizer, Path base, String baseDigest, Adapter adapter, OutputDirectory.Writer more) {
        OutputDirectory.publish(target, directory -> {
            Files.createDirectories(directory);
            adapter.write(directory, base, baseDigest);
            copyCompanions(tokenizer, base, directory);
            more.write(directory);
        });
    }

    /// The parameters in the shards they were read from.
    private static List<Map<String, NDArray>> asRead(Map<String, NDArray> parameters, Map<String, Integer> shardOf) {
        Map<Integer, Map<String, NDArray>> shards = new TreeMap<>();
        parameters.forEach((name, parameter) -> shards.computeIfAbsent(
                        Objects.requireNonNull(shardOf.get(name)), _ -> new LinkedHashMap<>())
                .put(name, parameter));
        return List.copyOf(shards.values());
    }

    /// The type that config.json names must be the one of the weights (transformers 5 calls the key `dtype`).
    private static ObjectNode withType(ObjectNode config, Map<String, Dtype> exportTypes) {
        EnumSet<Dtype> types = EnumSet.copyOf(exportTypes.values());
        if (types.size() == 1) {
            String key = config.has("dtype") ? "dtype" : "torch_dtype";
            config.put(key, types.iterator().next().name().toLowerCase(Locale.ROOT));
        }
        return config;
    }

    /// The files of `tokenizer`, and what is said of generation there or else beside the base.
    static void copyCompanions(Path tokenizer, Path base, Path directory) throws IOException {
        copyCompanions(tokenizer, directory);
        Path generation = base.resolve(GENERATION);
        if (!Files.exists(directory.resolve(GENERATION)) && Files.exists(generation)) {
            Files.copy(generation, directory.resolve(GENERATION));
        }
    }

    private static void copyCompanions(Path source, Path directory) throws IOException {
        for (String name : COMPANIONS) {
            Path file = source.resolve(name);
            if (Files.exists(file)) {
                Files.copy(file, directory.resolve(name));
            }
        }
    }
}
