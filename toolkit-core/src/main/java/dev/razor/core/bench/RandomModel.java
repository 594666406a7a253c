package dev.razor.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.Weights;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A trainable model of a given shape and type with random weights: what it says means nothing, what it costs is
/// what a trained one costs.
///
/// Matrices take their values from one block of normal numbers (standard deviation 0.02), over and over:
/// drawing billions of numbers would take longer than the measurement. The block's length is a prime, so that
/// no two rows of a matrix are equal.
final class RandomModel implements AutoCloseable {

    private static final double STD = 0.02;
    private static final int BLOCK = 1_000_003;

    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final CausalLm model;
    private final NDArray block;

    RandomModel(String device, Qwen2Config shape, Dtype dtype, long seed) {
        manager = Tensors.newManager(device);
        boolean made = false;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            block = block(dtype, seed);
            model = Qwen2Decoder.load(manager, shape, new Source("", dtype));
            parameters.values().forEach(NDScope::unregister);
            made = true;
        } finally {
            if (!made) {
                manager.close();
            }
        }
    }

    private NDArray block(Dtype dtype, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] values = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            values[i] = (float) (STD * random.nextGaussian());
        }
        return Aten.to(manager.create(values), dtype);
    }

    private final class Source implements Weights {

        private final String prefix;
        private final Dtype dtype;

        Source(String prefix, Dtype dtype) {
            this.prefix = prefix;
            this.dtype = dtype;
        }

        @Override
        public Weights at(String child) {
            return new Source(prefix + child + ".", dtype);
        }

        @Override
        public NDArray tensor(String name, long... shape) {
            NDArray tensor = Tensors.zeros(manager, dtype, shape);
            if (shape.length > 1) {
                fill(tensor);
            } else if (!name.equals("bias")) {
                tensor.addi(1);
            }
            tensor.setRequiresGradient(true);
            parameters.put(prefix + name, tensor);
            return tensor;
        }

        private void fill(NDArray tensor) {
            NDArray flat = tensor.reshape(tensor.size());
            for (long from = 0; from < tensor.size(); from += BLOCK) {
                long length = Math.min(BLOCK, tensor.size() - from);
                Aten.copyInPlace(Aten.narrow(flat, 0, from, length), Aten.narrow(block, 0, 0, length));
            }
        }
    }

    NDManager manager() {
        return manager;
    }

    CausalLm model() {
        return model;
    }

    Map<String, NDArray> parameters() {
        return parameters;
    }

    /// Waits until the device has computed `array`; a CPU has when the call returns.
    void await(NDArray array) {
        await(manager, array);
    }

    static void await(NDManager manager, NDArray array) {
        if (manager.getDevice().isGpu()) {
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                NDArray flat = Aten.detach(array).reshape(array.size());
                Aten.to(Aten.narrow(flat, 0, 0, 1), Dtype.FLOAT32).toFloatArray();
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
