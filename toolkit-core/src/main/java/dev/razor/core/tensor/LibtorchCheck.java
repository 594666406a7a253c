package dev.razor.core.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import dev.razor.core.base.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which libtorch this machine has, and whether Razor's way to it computes.
///
/// A library of another release may end the process, so `razor doctor` asks in a process of its own.
///
/// @param version the release, such as `2.7.1`
/// @param folder where its libraries lie
/// @param cuda whether it is a build for CUDA, with or without a GPU to run on
/// @param devices the GPUs that it sees
public record LibtorchCheck(String version, String folder, boolean cuda, int devices) {

    /// The CUDA release that DJL's native part for CUDA is built against.
    public static final String CUDA = "12.8";

    private static final float RIGHT = 1 * 3 + 2 * 4;

    /// Loads libtorch.
    ///
    /// @throws ai.djl.engine.EngineException if there is none
    public static LibtorchCheck load() {
        Engine engine = Engine.getEngine("PyTorch");
        String folder = LibUtils.getLibtorchPath();
        boolean cuda = Files.exists(Path.of(folder, System.mapLibraryName("torch_cuda")));
        return new LibtorchCheck(engine.getVersion(), folder, cuda, engine.getGpuCount());
    }

    /// Multiplies `[1, 2]` and `[3, 4]` on `device` in float32 and in bfloat16, through every symbol of the C
    /// ABI that Razor binds.
    ///
    /// @throws ConfigException if libtorch is of another release, lacks a symbol, or gives another number than 11
    /// @throws TensorException if the device cannot run the operator
    public static void compute(String device) {
        try (NDManager manager = Tensors.newManager(device)) {
            NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
            NDArray weight = manager.create(new float[] {3, 4}, new Shape(1, 2));
            for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.BFLOAT16}) {
                NDArray y = Aten.linear(Aten.to(x, dtype), Aten.to(weight, dtype), null); // [1, 1]
                float found = Aten.to(y, Dtype.FLOAT32).toFloatArray()[0];
                if (found != RIGHT) {
                    throw new ConfigException(
                            "libtorch: [1, 2] times [3, 4] in %s on %s is %s, not 11; reinstall libtorch %s"
                                    .formatted(dtype, device, found, Libtorch.VERSION));
                }
            }
        }
    }
}
