package dev.razor.core.checkpoint;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.run.JsonReason;
import dev.razor.core.tensor.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The weights of a model directory: `model.safetensors`, or the shards that `model.safetensors.index.json`
/// names.
public final class Checkpoint implements AutoCloseable {

    /// The file of an unsharded model.
    public static final String SINGLE = "model.safetensors";

    /// The index of a sharded model.
    public static final String INDEX = "model.safetensors.index.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path directory;
    private final Map<String, SafetensorsFile> files; // by file name
    private final Map<String, SafetensorsFile> tensors; // by tensor name

    private Checkpoint(Path directory, Map<String, SafetensorsFile> files, Map<String, SafetensorsFile> tensors) {
        this.directory = directory;
        this.files = files;
        this.tensors = tensors;
    }

    /// Maps the weights of `directory`.
    ///
    /// @throws CheckpointException naming the file and what is wrong with it
    public static Checkpoint open(Path directory) {
        Path single = directory.resolve(SINGLE);
        Path index = directory.resolve(INDEX);
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();
        boolean opened = false;
        try {
            if (Files.exists(single)) {
                SafetensorsFile file = SafetensorsFile.open(single);
                files.put(SINGLE, file);
                file.names().forEach(name -> tensors.put(name, file));
            } else if (Files.exists(index)) {
                openShards(directory, index, files, tensors);
            } else {
                throw new CheckpointException(
                        "%s: holds neither %s nor %s; give a Hugging Face model directory with safetensors weights"
                                .formatted(directory, SINGLE, INDEX));
            }
            if (tensors.isEmpty()) {
                throw new CheckpointException(
                        "%s: holds no tensors; give a model's weights".formatted(directory.resolve(SINGLE)));
            }
            opened = true;
            return new Checkpoint(directory, files, tensors);
        } finally {
            if (!opened) {
                files.values().forEach(SafetensorsFile::close);
            }
        }
    }

    private static void openShards(
            Path directory, Path index, Map<String, SafetensorsFile> files, Map<String, SafetensorsFile> tensors) {
        JsonNode map;
        try {
            map = JSON.readTree(index.toFile()).path("weight_map");
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: not valid JSON: %s; download it again".formatted(index, Shown.of(JsonReason.of(e))), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new CheckpointException(
                    "%s: weight_map: expected an object from tensors to files, got %s; download it again"
                            .formatted(index, Shown.of(map)));
        }
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String shard = field.getValue().asString("");
            if (!field.getValue().isString() || !shard.matches("[^/\\\\\\p{Cntrl}]+") || shard.matches("\\.+")) {
                throw new CheckpointException(
                        "%s: weight_map: %s lies in %s, which is not the name of a file beside the index; download it again"
                                .formatted(index, Shown.of(field.getKey()), Shown.of(field.getValue())));
            }
            if (!Files.exists(directory.resolve(shard))) {
                String problem =
                        "%s: no such file, but %s names it as a shard; the model is incomplete, download it again"
                                .formatted(directory.resolve(shard), INDEX);
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
                continue;
            }
            SafetensorsFile file = files.computeIfAbsent(shard, name -> SafetensorsFile.open(directory.resolve(name)));
            if (!file.names().contains(field.getKey())) {
                problems.add("%s: holds no tensor %s, but %s says so; the model is incomplete, download it again"
                        .formatted(directory.resolve(shard), field.getKey(), INDEX));
            }
            tensors.put(field.getKey(), file);
        }
        if (!problems.isEmpty()) {
            throw new CheckpointException(problems);
        }
    }

    /// The directory it was opened from.
    public Path directory() {
        return directory;
    }

    /// The names of all tensors.
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /// Which of the weight files, counted from 0 in the order of their names, holds tensor `name`.
    public int shardOf(String name) {
        SafetensorsFile file = fileOf(name);
        List<String> names = files.keySet().stream().sorted().toList();
        return IntStream.range(0, names.size())
                .filter(i -> files.get(names.get(i)) == file)
                .findFirst()
                .orElseThrow();
    }

    /// How many weight files there are.
    public int shards() {
        return files.size();
    }

    /// The file that holds tensor `name`.
    ///
    /// @throws CheckpointException if there is no such tensor
    public SafetensorsFile fileOf(String name) {
        SafetensorsFile file = tensors.get(name);
        if (file == null) {
            throw new CheckpointException(
                    "%s: the weights hold no tensor %s; the model is incomplete or of another architecture"
                            .formatted(directory, name));
        }
        return file;
    }

    /// The type that most weights are stored in by number of tensors (the first of them on a tie).
    public Dtype storedType() {
        Map<Dtype, Integer> counts = new LinkedHashMap<>();
        tensors.forEach((name, file) -> counts.merge(file.dtype(name), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
