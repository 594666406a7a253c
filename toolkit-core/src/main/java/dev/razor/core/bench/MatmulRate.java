package dev.razor.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;

/// The floating-point operations a second that the device reaches in a large product of two square matrices, the
/// best of several: what a training step could reach at most if it were nothing else.
public final class MatmulRate {

    private static final int REPEATS = 8;

    private MatmulRate() {}

    /// The rate of `device`: `cpu`, `cuda`, `cuda:N` or `auto`.
    public static double measure(String device, Dtype dtype) {
        try (NDManager manager = Tensors.newManager(device)) {
            return measure(manager, dtype);
        }
    }

    static double measure(NDManager manager, Dtype dtype) {
        boolean gpu = manager.getDevice().isGpu();
        int size = gpu ? 8192 : 1024;
        double best = 0;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray x = Tensors.zeros(manager, dtype, size, size).addi(0.5);
            for (int i = 0; i < REPEATS; i++) {
                try (NDScope _ = new NDScope()) {
                    RandomModel.await(manager, x);
                    long start = System.nanoTime();
                    RandomModel.await(manager, Aten.linear(x, x, null));
                    double seconds = (System.nanoTime() - start) * 1e-9;
                    best = Math.max(best, 2.0 * size * size * size / seconds);
                }
            }
        }
        return best;
    }
}
