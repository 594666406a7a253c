package dev.razor.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;

/// The floating-point operations a second that the device reaches in a large product of two square matrices, the
/// best of several: what a training step could reach at most if it were nothing else.
final class MatmulRate {

    private static final int REPEATS = 8;

    private MatmulRate() {}

    static double measure(RandomModel model, Dtype dtype) {
        boolean gpu = model.manager().getDevice().isGpu();
        int size = gpu ? 8192 : 1024;
        double best = 0;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray x = Tensors.zeros(model.manager(), dtype, size, size).addi(0.5);
            for (int i = 0; i < REPEATS; i++) {
                try (NDScope _ = new NDScope()) {
                    model.await(x);
                    long start = System.nanoTime();
                    model.await(Aten.linear(x, x, null));
                    double seconds = (System.nanoTime() - start) * 1e-9;
                    best = Math.max(best, 2.0 * size * size * size / seconds);
                }
            }
        }
        return best;
    }
}
