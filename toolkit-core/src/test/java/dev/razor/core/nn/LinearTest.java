package dev.razor.core.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinearTest {

    private final NDManager manager = Tensors.newManager("cpu");
    private final NDScope scope = new NDScope();

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    private NDArray random(int seed, long... shape) {
        Shape sizes = new Shape(shape);
        float[] values = new float[Math.toIntExact(sizes.size())];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, sizes);
    }

    /// (1, 2) times the rows (3, 4) and (5, 6) is (11, 17); the bias makes it (12, 15).
    @Test
    void apply_ofOneRow_isTheProductByHand() {
        var linear = new Linear(
                manager.create(new float[] {3, 4, 5, 6}, new Shape(2, 2)), manager.create(new float[] {1, -2}));
        NDArray y = linear.apply(manager.create(new float[] {1, 2}, new Shape(1, 1, 2)));
        assertThat(y.getShape()).isEqualTo(new Shape(1, 1, 2));
        assertThat(y.toFloatArray()).containsExactly(12, 15);
    }

    /// Bit for bit, with an adapter too: decoding one sequence, scoring a short one and training on a batch
    /// give the same numbers. Stated of the products that libtorch has on x86.
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
    @CsvSource({"32, 48, false", "32, 48, true", "128, 384, false", "384, 128, false", "128, 640, true"})
    void apply_ofARow_doesNotDependOnTheOthers(int in, int out, boolean adapted) {
        Lora lora = adapted ? new Lora(random(1, 4, in), random(2, out, 4), 0.5) : null;
        var linear = new Linear(random(3, out, in), random(4, out), lora);
        NDArray x = random(5, 300, in);
        try (GradMode _ = GradMode.off()) {
            float[] all = linear.apply(x).toFloatArray();
            for (int rows : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 17, 31, 65, 255, 256, 257}) {
                float[] some = linear.apply(Aten.narrow(x, 0, 0, rows)).toFloatArray();
                assertThat(some).as("%d rows", rows).containsExactly(Arrays.copyOf(all, rows * out));
            }
        }
    }

    @Test
    void apply_ofFewRows_passesTheGradient() {
        NDArray weight = random(1, 3, 2);
        weight.setRequiresGradient(true);
        try (GradMode _ = GradMode.on()) {
            NDArray y = new Linear(weight, null).apply(manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2)));
            Tensors.backward(y, manager.create(new float[] {1, 0, 0, 0, 0, 10}, new Shape(2, 3)));
        }
        NDArray gradient = Tensors.gradient(weight);
        assertThat(Objects.requireNonNull(gradient).toFloatArray()).containsExactly(1, 2, 0, 0, 30, 40);
    }
}
