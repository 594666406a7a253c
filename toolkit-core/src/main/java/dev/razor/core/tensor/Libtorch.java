package dev.razor.core.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.LibUtils;
import dev.razor.core.base.ConfigException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The symbols of libtorch's C ABI (`torch/csrc/inductor/aoti_torch/c/shim.h`) that Razor calls.
///
/// DJL's array handle is an `at::Tensor*`, which is the ABI's `AtenTensorHandle`, so the ABI's functions
/// work on DJL arrays. Pointers are passed as longs: the calling conventions of the supported machines treat
/// both alike, and no `MemorySegment` has to be made for each call.
final class Libtorch {

    /// The libtorch release that DJL's native part is built for; any other misreads types.
    static final String VERSION = "2.7.1";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = load();

    static final MethodHandle CALL_DISPATCHER = find("aoti_torch_call_dispatcher", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle NEW_TENSOR_HANDLE = find("aoti_torch_new_tensor_handle", JAVA_LONG, JAVA_LONG);
    static final MethodHandle GET_DTYPE = find("aoti_torch_get_dtype", JAVA_LONG, JAVA_LONG);
    static final MethodHandle GET_DATA_PTR = find("aoti_torch_get_data_ptr", JAVA_LONG, JAVA_LONG);
    static final MethodHandle EMPTY_STRIDED =
            find("aoti_torch_empty_strided", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle TENSOR_FROM_BLOB = find(
            "aoti_torch_create_tensor_from_blob",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG);

    /// `void* malloc(size_t)`: the dispatcher frees the cells of optional arguments with `free`.
    static final MethodHandle MALLOC = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("malloc"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    private Libtorch() {}

    /// The native handle of `array`, an `at::Tensor*`.
    static long handle(NDArray array) {
        return ((PtNDArray) array).getHandle();
    }

    private static SymbolLookup load() {
        Engine engine = Engine.getEngine("PyTorch");
        if (!engine.getVersion().startsWith(VERSION)) {
            throw new ConfigException(
                    "libtorch: version %s was loaded, Razor needs %s; unset PYTORCH_LIBRARY_PATH and PYTORCH_VERSION, or point them at %s"
                            .formatted(engine.getVersion(), VERSION, VERSION));
        }
        refuseMisreadTypes();
        Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
        return SymbolLookup.libraryLookup(library, Arena.global());
    }

    /// A libtorch of another release loads without complaint and then gives a float sum another type.
    private static void refuseMisreadTypes() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            DataType type = manager.create(new float[] {1, 2}).sum().getDataType();
            if (type != DataType.FLOAT32) {
                throw new ConfigException(
                        "libtorch: the library under %s is not release %s (a float32 sum came back as %s); point PYTORCH_LIBRARY_PATH at libtorch %s"
                                .formatted(LibUtils.getLibtorchPath(), VERSION, type, VERSION));
            }
        }
    }

    private static MethodHandle find(String symbol, MemoryLayout... arguments) {
        MemorySegment address = LIBRARY.find(symbol)
                .orElseThrow(() -> new ConfigException(
                        "libtorch: the library under %s has no symbol %s; point PYTORCH_LIBRARY_PATH at libtorch %s"
                                .formatted(LibUtils.getLibtorchPath(), symbol, VERSION)));
        return LINKER.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
