package dev.razor.core.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoraTest {

    private final NDManager manager = Tensors.newManager("cpu");
    private final NDScope scope = new NDScope();

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    private NDArray matrix(int rows, int columns, float... values) {
        return manager.create(values, new Shape(rows, columns));
    }

    /// x = (1, 2), W = [[1, 0], [1, 1]], b = (10, 20): x W^T + b = (11, 23).
    /// A = [[3, -1]]: x A^T = 1. B = [[2], [5]], scale 0.5: the update is (1, 2.5).
    @Test
    void apply_addsTheUpdateByHand() {
        var lora = new Lora(matrix(1, 2, 3, -1), matrix(2, 1, 2, 5), 0.5);
        assertThat(lora.apply(matrix(1, 2, 1, 2)).toFloatArray()).containsExactly(1f, 2.5f);
        var linear = new Linear(matrix(2, 2, 1, 0, 1, 1), manager.create(new float[] {10, 20}), lora);
        assertThat(linear.apply(matrix(1, 2, 1, 2)).toFloatArray()).containsExactly(12f, 25.5f);
    }

    /// With G = dL/dy, by hand: dL/dB = s G^T (x A^T), dL/dA = s (G B)^T x, dL/dx = G W + s (G B) A; W gets none.
    @Test
    void backward_matchesTheFormulas() {
        int in = 5;
        int out = 4;
        int r = 3;
        int rows = 6;
        double scale = 1.7;
        Random random = new Random(1);
        NDArray x = random(random, rows, in);
        NDArray w = random(random, out, in);
        NDArray a = random(random, r, in);
        NDArray b = random(random, out, r);
        NDArray g = random(random, rows, out);
        for (NDArray leaf : new NDArray[] {x, a, b}) {
            leaf.setRequiresGradient(true);
        }
        try (GradMode _ = GradMode.on()) {
            Tensors.backward(new Linear(w, null, new Lora(a, b, scale)).apply(x), g);
        }
        double[][] xs = doubles(x);
        double[][] as = doubles(a);
        double[][] bs = doubles(b);
        double[][] gs = doubles(g);
        double[][] low = product(xs, transposed(as)); // [rows, r]
        double[][] back = product(gs, bs); // [rows, r]
        assertGradient(b, scaled(product(transposed(gs), low), scale));
        assertGradient(a, scaled(product(transposed(back), xs), scale));
        double[][] dense = product(gs, doubles(w));
        double[][] update = scaled(product(back, as), scale);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < in; j++) {
                dense[i][j] += update[i][j];
            }
        }
        assertGradient(x, dense);
        assertThat(w.hasGradient()).isFalse();
    }

    /// What a bfloat16 layer gives is within its rounding (8 bits, twice) of the same layer in float32.
    @Test
    void apply_inBfloat16_isThatOfFloat32_rounded() {
        Random random = new Random(2);
        NDArray x = rounded(random(random, 7, 6));
        NDArray w = rounded(random(random, 5, 6));
        NDArray a = rounded(random(random, 2, 6));
        NDArray b = rounded(random(random, 5, 2));
        NDArray y = new Linear(w, null, new Lora(a, b, 0.75)).apply(x);
        assertThat(Tensors.dtype(y)).isEqualTo(Dtype.BFLOAT16);
        float[] exact = new Linear(wide(w), null, new Lora(wide(a), wide(b), 0.75))
                .apply(wide(x))
                .toFloatArray();
        assertThat(wide(y).toFloatArray()).containsExactly(exact, within(0.06f));
    }

    @Test
    void loraWeights_giveTheUpdateToTheLayerOfThatNameOnly() {
        var lora = new Lora(matrix(1, 2, 1, 1), matrix(2, 1, 1, 1), 1);
        var tensors = new LoadedWeights(
                "", Map.of("a.q.weight", matrix(2, 2, 1, 0, 0, 1), "b.q.weight", matrix(2, 2, 1, 0, 0, 1)));
        var weights = new LoraWeights(tensors, Map.of("a.q", lora));
        assertThat(Linear.load(weights.at("a").at("q"), 2, 2).lora()).isSameAs(lora);
        assertThat(Linear.load(weights.at("b").at("q"), 2, 2).lora()).isNull();
        assertThat(weights.lora()).isNull();
    }

    private NDArray random(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return matrix(rows, columns, values);
    }

    private static NDArray rounded(NDArray x) {
        return Aten.to(x, Dtype.BFLOAT16);
    }

    private static NDArray wide(NDArray x) {
        return Aten.to(x, Dtype.FLOAT32);
    }

    private static void assertGradient(NDArray leaf, double[][] expected) {
        double[][] found = doubles(Objects.requireNonNull(Tensors.gradient(leaf)));
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).containsExactly(expected[i], within(1e-5));
        }
    }

    private static double[][] doubles(NDArray matrix) {
        int columns = (int) matrix.getShape().get(1);
        float[] flat = Aten.detach(matrix).toFloatArray();
        double[][] values = new double[flat.length / columns][columns];
        for (int i = 0; i < flat.length; i++) {
            values[i / columns][i % columns] = flat[i];
        }
        return values;
    }

    private static double[][] transposed(double[][] x) {
        double[][] y = new double[x[0].length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[0].length; j++) {
                y[j][i] = x[i][j];
            }
        }
        return y;
    }

    private static double[][] product(double[][] x, double[][] y) {
        double[][] z = new double[x.length][y[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y[0].length; j++) {
                for (int k = 0; k < y.length; k++) {
                    z[i][j] += x[i][k] * y[k][j];
                }
            }
        }
        return z;
    }

    private static double[][] scaled(double[][] x, double scale) {
        double[][] y = new double[x.length][x[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[0].length; j++) {
                y[i][j] = scale * x[i][j];
            }
        }
        return y;
    }
}
