package dev.razor.core.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Making tensors of any type, looking at them, and the backward pass: what DJL cannot do for bfloat16.
public final class Tensors {

    private static final int CPU = 0;
    private static final int CUDA = 1;

    private Tensors() {}

    /// The release of libtorch, as the engine states it.
    public static String libtorchVersion() {
        return Engine.getEngine("PyTorch").getVersion();
    }

    /// A manager on the device that `name` means: `cpu`, `cuda`, `cuda:N`, or `auto` (CUDA where there is one).
    public static NDManager newManager(String name) {
        return NDManager.newBaseManager(device(name), "PyTorch");
    }

    /// The device that `name` means; see [#newManager].
    public static Device device(String name) {
        int gpus = Engine.getEngine("PyTorch").getGpuCount();
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        if (!name.matches("auto|cuda(:\\d{1,4})?")) {
            throw new ConfigException("device: expected cpu, cuda, cuda:N or auto, got %s".formatted(name));
        }
        int index = name.startsWith("cuda:") ? Integer.parseInt(name.substring(5)) : 0;
        if (index >= gpus) {
            throw new ConfigException(
                    "device: %s asked for, but libtorch sees %d CUDA devices; use --device cpu, or install the CUDA build of libtorch"
                            .formatted(name, gpus));
        }
        return Device.gpu(index);
    }

    /// The name of a device as it is typed: `cpu` or `cuda:N`.
    public static String name(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /// The element type of `array`, as libtorch states it.
    public static Dtype dtype(NDArray array) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            int failure = (int) Libtorch.GET_DTYPE.invokeExact(Libtorch.handle(array), out.address());
            Check.that(failure == 0, "libtorch did not state a data type");
            return Dtype.ofCode(out.get(JAVA_INT, 0));
        } catch (Throwable e) {
            throw Operator.unexpected(e);
        }
    }

    /// A contiguous tensor on the manager's device with undefined contents.
    public static NDArray empty(NDManager manager, Dtype dtype, long... shape) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocateFrom(JAVA_LONG, shape);
            MemorySegment strides = arena.allocateFrom(JAVA_LONG, contiguousStrides(shape));
            MemorySegment out = arena.allocate(JAVA_LONG);
            Device device = manager.getDevice();
            int failure = (int) Libtorch.EMPTY_STRIDED.invokeExact(
                    (long) shape.length,
                    sizes.address(),
                    strides.address(),
                    dtype.code(),
                    device.isGpu() ? CUDA : CPU,
                    device.isGpu() ? device.getDeviceId() : 0,
                    out.address());
            if (failure != 0) {
                throw new TensorException("no memory for %s%s on %s".formatted(dtype, new Shape(shape), device), true);
            }
            return new PtNDArray((PtNDManager) manager, out.get(JAVA_LONG, 0));
        } catch (Throwable e) {
            throw Operator.unexpected(e);
        }
    }

    /// Whether there is memory for one more copy of all `tensors`, found out by asking for it.
    static boolean fitsAgain(List<NDArray> tensors) {
        if (tensors.isEmpty()) {
            return true;
        }
        double bytes = 0;
        for (NDArray tensor : tensors) {
            bytes += (double) tensor.size() * dtype(tensor).bytes();
        }
        try {
            empty(tensors.getFirst().getManager(), Dtype.BOOL, (long) bytes).close();
            return true;
        } catch (TensorException _) {
            return false;
        }
    }

    /// A float32 number without axes that owns its memory, so that a recorded graph may keep it.
    public static NDArray scalar(NDManager manager, double value) {
        NDArray scalar = empty(manager, Dtype.FLOAT32);
        if (scalar.getDevice().isGpu()) {
            try (NDArray number = manager.create((float) value)) {
                Aten.copyInPlace(scalar, number);
            }
        } else {
            memory(scalar).set(ValueLayout.JAVA_FLOAT, 0, (float) value);
        }
        return scalar;
    }

    /// A contiguous tensor of zeros on the manager's device.
    public static NDArray zeros(NDManager manager, Dtype dtype, long... shape) {
        NDArray zeros = empty(manager, dtype, shape);
        Aten.zeroInPlace(zeros);
        return zeros;
    }

    /// A CPU tensor over memory that it does not own, such as a mapped file; the caller keeps `memory` alive as
    /// long as the tensor, and never writes to a tensor over a read-only mapping (that kills the process).
    public static NDArray over(NDManager manager, MemorySegment memory, Dtype dtype, long... shape) {
        long elements = new Shape(shape).size();
        Check.that(
                memory.byteSize() == elements * dtype.bytes(),
                "%s%s takes %d bytes, the memory has %d",
                dtype,
                new Shape(shape),
                elements * dtype.bytes(),
                memory.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocateFrom(JAVA_LONG, shape);
            MemorySegment strides = arena.allocateFrom(JAVA_LONG, contiguousStrides(shape));
            MemorySegment out = arena.allocate(JAVA_LONG);
            int failure = (int) Libtorch.TENSOR_FROM_BLOB.invokeExact(
                    memory.address(),
                    (long) shape.length,
                    sizes.address(),
                    strides.address(),
                    0L,
                    dtype.code(),
                    CPU,
                    0,
                    out.address());
            Check.that(failure == 0, "libtorch made no tensor over %d bytes of memory", memory.byteSize());
            return new PtNDArray((PtNDManager) manager, out.get(JAVA_LONG, 0));
        } catch (Throwable e) {
            throw Operator.unexpected(e);
        }
    }

    /// The memory of a contiguous CPU tensor; valid while the tensor lives.
    public static MemorySegment memory(NDArray array) {
        Check.that(!array.getDevice().isGpu(), "%s is not in the CPU's memory", describe(array));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            int failure = (int) Libtorch.GET_DATA_PTR.invokeExact(Libtorch.handle(array), out.address());
            Check.that(failure == 0, "libtorch gave no address for %s", describe(array));
            return MemorySegment.ofAddress(out.get(JAVA_LONG, 0))
                    .reinterpret(array.getShape().size() * dtype(array).bytes());
        } catch (Throwable e) {
            throw Operator.unexpected(e);
        }
    }

    /// The gradient that has gathered on a leaf, in the leaf's type, or null before the first backward pass.
    public static @Nullable NDArray gradient(NDArray leaf) {
        return JniUtils.getGradient((PtNDArray) leaf);
    }

    /// Takes the memory of a leaf's gradient, zero so far. Taken one by one in the first backward pass, among
    /// what that pass takes and gives back, gradients would keep the allocator from using the gaps between
    /// them.
    public static void allocateGradient(NDArray leaf) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            backward(
                    Aten.times(leaf, 1),
                    zeros(leaf.getManager(), dtype(leaf), leaf.getShape().getShape()));
        }
    }

    /// Sets the seed of libtorch's generator, which nothing draws from but [Aten#randomInPlace].
    public static void seed(long seed) {
        JniUtils.setSeed(seed);
    }

    /// Whether a backward pass can start at `array`: a trainable leaf has a part in it, or is it. (DJL's
    /// `hasGradient` is true of leaves alone.)
    public static boolean isRecorded(NDArray array) {
        return !Aten.isLeaf(array) || array.hasGradient();
    }

    /// Adds to every leaf's gradient the vector-Jacobian product of `output` with `outputGradient`, which has the
    /// shape and type of `output`.
    public static void backward(NDArray output, NDArray outputGradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) outputGradient, false, false);
    }

    /// `bfloat16[2, 3]`, for messages.
    public static String describe(NDArray array) {
        return dtype(array).name().toLowerCase(Locale.ROOT)
                + Arrays.toString(array.getShape().getShape());
    }

    private static long[] contiguousStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }
}
