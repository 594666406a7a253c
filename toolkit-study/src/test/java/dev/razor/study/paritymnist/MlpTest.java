package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.optim.AdamW;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MlpTest {

    private static final List<Integer> SIZES = List.of(5, 7, 4, 3);

    private final NDManager manager = Tensors.newManager("cpu");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void forward_handWorked() {
        // One feature in, two hidden, one logit: relu(2 x + 1), relu(-x), then 3 h1 + 5 h2 - 1.
        Parameters parameters = Parameters.zeros(manager, List.of(1, 2, 1));
        Values.write(parameters.flat(), 2, -1, 1, 0, 3, 5, -1);

        NDArray x = manager.create(new float[] {1, -2}, new Shape(2, 1));
        Mlp.Activations activations = Mlp.forward(parameters, x);

        assertThat(activations.hidden().getFirst().toFloatArray()).containsExactly(3, 0, 0, 2);
        assertThat(activations.logits().toFloatArray()).containsExactly(8, 9);
    }

    @Test
    void gradient_isLibtorchsOwn() {
        Parameters parameters = Parameters.initial(manager, SIZES, 1);
        parameters.flat().muli(3); // so that errors show
        NDArray x = random(2, 6, 5);
        NDArray byLogits = random(3, 6, 3);
        Parameters gradient = Parameters.zeros(manager, SIZES);
        try (GradMode _ = GradMode.off()) {
            Mlp.gradient(parameters, Mlp.forward(parameters, x), byLogits, gradient);
        }

        NDArray leaf = Aten.copyOf(parameters.flat());
        leaf.setRequiresGradient(true);
        try (GradMode _ = GradMode.on()) {
            NDArray h = x;
            long at = 0;
            for (int i = 0; i + 1 < SIZES.size(); i++) {
                long in = SIZES.get(i);
                long out = SIZES.get(i + 1);
                NDArray weight = Aten.narrow(leaf, 0, at, in * out).reshape(out, in);
                NDArray bias = Aten.narrow(leaf, 0, at + in * out, out);
                at += in * out + out;
                h = Aten.linear(h, weight, bias);
                h = i + 2 < SIZES.size() ? h.maximum(manager.zeros(h.getShape())) : h;
            }
            Tensors.backward(h, byLogits);
        }
        assertThat(gradient.flat().toFloatArray())
                .containsExactly(Objects.requireNonNull(Tensors.gradient(leaf)).toFloatArray(), within(1e-5f));
    }

    @Test
    void initial_isUniformWithinPytorchsBounds() {
        Parameters parameters = Parameters.initial(manager, List.of(100, 50, 10), 4);
        float[] weight = parameters.weights().getFirst().toFloatArray();
        double sum = 0;
        double squares = 0;
        for (float value : weight) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(0.1f); // 1 / sqrt(100)
            sum += value / weight.length;
            squares += value * value / weight.length;
        }
        assertThat(sum).isCloseTo(0, within(0.003));
        assertThat(squares).isCloseTo(0.01 / 3, within(0.0002)); // variance of a uniform distribution
        assertThat(Parameters.initial(manager, List.of(100, 50, 10), 4).flat()).isEqualTo(parameters.flat());
    }

    @Test
    void saved_readsBackEqual(@TempDir Path folder) throws Exception {
        Parameters parameters = Parameters.initial(manager, SIZES, 5);
        Path file = folder.resolve("new/model.safetensors");
        parameters.save(file);
        parameters.save(file);

        assertThat(Parameters.load(manager, SIZES, file).flat()).isEqualTo(parameters.flat());
    }

    @Test
    void flatAdamW_makesTheStepsOfAdamW() {
        int size = 70_000; // more than one piece
        NDArray start = random(6, 1, size).reshape(size);
        NDArray flat = Aten.copyOf(start);
        NDArray gradient = Tensors.zeros(manager, Dtype.FLOAT32, size);
        FlatAdamW ours = new FlatAdamW(manager, flat, gradient);
        NDArray leaf = Aten.copyOf(start);
        leaf.setRequiresGradient(true);
        Tensors.allocateGradient(leaf);
        AdamW theirs = new AdamW(Map.of("x", leaf), new AdamW.Settings(0.9, 0.999, 1e-8, 0));
        for (int step = 0; step < 5; step++) {
            NDArray g = random(10 + step, 1, size).reshape(size);
            try (GradMode _ = GradMode.off()) {
                Aten.copyInPlace(gradient, g);
                Aten.copyInPlace(Objects.requireNonNull(Tensors.gradient(leaf)), g);
                ours.step(0.01 * (step + 1));
            }
            theirs.step(0.01 * (step + 1));
        }
        assertThat(flat.toFloatArray()).containsExactly(leaf.toFloatArray(), within(1e-6f));
    }

    @Test
    void flatAdamW_firstStep_handWorked() {
        // m / sqrt(v) after correction is g / |g|: the first step has the length of the learning rate.
        NDArray flat = manager.create(new float[] {1, 1});
        NDArray gradient = manager.create(new float[] {0.5f, -20});

        new FlatAdamW(manager, flat, gradient).step(0.1);

        assertThat(flat.toFloatArray()).containsExactly(new float[] {0.9f, 1.1f}, within(1e-6f));
    }

    private NDArray random(long seed, int rows, int columns) {
        RandomGenerator random = Draws.generator(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(rows, columns));
    }
}
