package dev.razor.core.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes tensors as safetensors, one file or shards with an index, in the layout of Hugging Face's own writer.
public final class SafetensorsWriter {

    /// Bytes written at a time; a mapped or native tensor never passes through the heap.
    private static final int SLICE = 1 << 26;

    private static final JsonMapper JSON = JsonMapper.shared();

    private SafetensorsWriter() {}

    /// Writes `tensors` into `directory` as `model.safetensors`, or as shards of at most `maxShardBytes` of
    /// data where they do not fit one (a single larger tensor gets a shard to itself).
    ///
    /// @param storedType the type each tensor, by name, is written in
    public static void writeModel(
            Path directory, Map<String, NDArray> tensors, Function<String, Dtype> storedType, long maxShardBytes)
            throws IOException {
        Check.that(maxShardBytes > 0, "a shard must hold at least a byte, got %d", maxShardBytes);
        List<Map<String, NDArray>> shards = new ArrayList<>();
        long room = 0;
        for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
            long bytes = bytes(tensor.getValue(), storedType.apply(tensor.getKey()));
            if (shards.isEmpty() || bytes > room) {
                shards.add(new LinkedHashMap<>());
                room = maxShardBytes;
            }
            shards.getLast().put(tensor.getKey(), tensor.getValue());
            room -= bytes;
        }
        writeShards(directory, shards, storedType);
    }

    /// A tensor that is to be written: what the header says of it, and its values, made when its turn comes and
    /// freed after it.
    ///
    /// @param values given a manager on the CPU that lives that long
    public record Source(Dtype dtype, long[] shape, Function<NDManager, NDArray> values) {

        long bytes() {
            return new Shape(shape).size() * dtype.bytes();
        }
    }

    private static Map<String, Source> sources(Map<String, NDArray> tensors, Function<String, Dtype> storedType) {
        Map<String, Source> sources = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> sources.put(
                name, new Source(storedType.apply(name), tensor.getShape().getShape(), _ -> tensor)));
        return sources;
    }

    /// Writes each of `shards` into a file of its own with an index over them, or one alone as
    /// `model.safetensors`.
    public static void writeShards(
            Path directory, List<Map<String, NDArray>> shards, Function<String, Dtype> storedType) throws IOException {
        writeShards(
                directory,
                shards.stream().map(shard -> sources(shard, storedType)).toList());
    }

    /// The same for tensors that are made one after the other.
    public static void writeShards(Path directory, List<Map<String, Source>> shards) throws IOException {
        if (shards.size() == 1) {
            write(directory.resolve(Checkpoint.SINGLE), shards.getFirst());
            return;
        }
        long total = shards.stream()
                .flatMap(shard -> shard.values().stream())
                .mapToLong(Source::bytes)
                .sum();
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_size", total);
        ObjectNode weightMap = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            write(directory.resolve(file), shards.get(i));
            shards.get(i).keySet().forEach(name -> weightMap.put(name, file));
        }
        Files.writeString(
                directory.resolve(Checkpoint.INDEX),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n");
    }

    /// Writes `tensors` to the new file `path`.
    public static void write(Path path, Map<String, NDArray> tensors, Function<String, Dtype> storedType)
            throws IOException {
        write(path, sources(tensors, storedType));
    }

    private static void write(Path path, Map<String, Source> tensors) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, Source> tensor : tensors.entrySet()) {
            long end = offset + tensor.getValue().bytes();
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", SafetensorsHeader.nameOf(tensor.getValue().dtype()));
            var shape = entry.putArray("shape");
            Arrays.stream(tensor.getValue().shape()).forEach(shape::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = (json.length + 7) / 8 * 8; // tensors begin on a multiple of 8, as the reference writer has it
        ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(json).put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, start.flip());
            for (Source tensor : tensors.values()) {
                writeTensor(channel, tensor);
            }
            channel.force(true);
        }
    }

    private static void writeTensor(FileChannel channel, Source tensor) throws IOException {
        try (NDScope _ = new NDScope();
                NDManager cpu = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray stored = Tensors.empty(cpu, tensor.dtype(), tensor.shape());
            Aten.copyInPlace(stored, Aten.detach(tensor.values().apply(cpu)));
            MemorySegment memory = Tensors.memory(stored);
            for (long at = 0; at < memory.byteSize(); at += SLICE) {
                writeFully(
                        channel,
                        memory.asSlice(at, Math.min(SLICE, memory.byteSize() - at))
                                .asByteBuffer());
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static long bytes(NDArray tensor, Dtype dtype) {
        return tensor.getShape().size() * dtype.bytes();
    }
}
