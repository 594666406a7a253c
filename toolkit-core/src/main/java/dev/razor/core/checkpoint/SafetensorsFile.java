package dev.razor.core.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A safetensors file, mapped into memory: its tensors are views of the mapping, read by the kernel when
/// touched, so that a file of any size passes through neither the Java heap nor a copy.
public final class SafetensorsFile implements AutoCloseable {

    private static final long MAX_HEADER = 100_000_000;

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, TensorEntry> entries;

    private SafetensorsFile(Path path, Arena arena, MemorySegment data, Map<String, TensorEntry> entries) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.entries = entries;
    }

    /// Maps `path` and checks its header against the format.
    ///
    /// @throws CheckpointException naming the file and what is wrong with it
    public static SafetensorsFile open(Path path) {
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try (FileChannel channel = FileChannel.open(path)) {
            MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            if (file.byteSize() < 8) {
                throw new CheckpointException(
                        "%s: %d bytes are too few for a safetensors file; it was cut short, download it again"
                                .formatted(path, file.byteSize()));
            }
            long headerBytes = file.get(JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            if (headerBytes < 2 || headerBytes > MAX_HEADER || headerBytes > file.byteSize() - 8) {
                throw new CheckpointException(
                        "%s: the header claims %s bytes, but the file has %d; it is damaged or not a safetensors file, download it again"
                                .formatted(path, Long.toUnsignedString(headerBytes), file.byteSize()));
            }
            byte[] json = file.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = file.asSlice(8 + headerBytes);
            var result = new SafetensorsFile(
                    path, arena, data, SafetensorsHeader.parse(path.toString(), json, data.byteSize()));
            opened = true;
            return result;
        } catch (NoSuchFileException e) {
            throw new CheckpointException(
                    "%s: no such file; the model is incomplete, download it again".formatted(path), e);
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read: %s".formatted(path, e.getMessage()), e);
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /// The names of its tensors, in the order of the header.
    public Set<String> names() {
        return entries.keySet();
    }

    /// The stored type of tensor `name`.
    public Dtype dtype(String name) {
        return entry(name).dtype();
    }

    /// The shape of tensor `name`.
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /// Tensor `name` as it is stored: a view of the file, only to be read, valid until this file is closed.
    /// Where a header of odd length shifts the elements, a copy in native memory, because libtorch expects them
    /// aligned.
    public NDArray view(NDManager manager, String name) {
        TensorEntry entry = entry(name);
        MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
        if (bytes.address() % entry.dtype().bytes() == 0) {
            return Tensors.over(manager, bytes, entry.dtype(), entry.shape());
        }
        NDArray aligned = Tensors.empty(manager, entry.dtype(), entry.shape());
        Tensors.memory(aligned).copyFrom(bytes);
        return aligned;
    }

    /// Tensor `name` in memory of its own, in `dtype`, on the manager's device.
    public NDArray copy(NDManager manager, String name, Dtype dtype) {
        NDArray target = Tensors.empty(manager, dtype, entry(name).shape());
        try (NDManager cpu = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                NDArray view = view(cpu, name)) {
            Aten.copyInPlace(target, view);
        }
        return target;
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new CheckpointException(
                    "%s: holds no tensor %s; the model is incomplete or of another architecture".formatted(path, name));
        }
        return entry;
    }

    @Override
    public void close() {
        arena.close();
    }
}
