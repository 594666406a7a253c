package dev.razor.core.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RmsNormTest {

    private final NDManager manager = Tensors.newManager("cpu");
    private final NDScope scope = new NDScope();

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    /// (3, 4) has mean square 12.5, and 1/sqrt(12.5) = 0.2828427; zeros stay zeros.
    @Test
    void apply_matchesTwoRowsByHand() {
        var norm = new RmsNorm(manager.create(new float[] {1, -2}), 1e-6);
        float[] y = norm.apply(manager.create(new float[] {3, 4, 0, 0}, new Shape(2, 2)))
                .toFloatArray();
        assertThat(y).containsExactly(new float[] {0.848528f, -2.262742f, 0, 0}, within(1e-6f));
    }

    /// mean square 1e-6 and eps 3e-6 together are 4e-6, so 0.001 becomes 0.5.
    @Test
    void apply_addsEpsToTheMeanSquare() {
        var norm = new RmsNorm(manager.create(new float[] {1, 1}), 3e-6);
        float[] y = norm.apply(manager.create(new float[] {1e-3f, -1e-3f}, new Shape(1, 2)))
                .toFloatArray();
        assertThat(y).containsExactly(new float[] {0.5f, -0.5f}, within(1e-6f));
    }

    /// 300^2 is beyond what bfloat16 sums hold exactly: the mean square is taken in float32.
    @Test
    void apply_inBfloat16_normalisesInFloat32() {
        NDArray x = Aten.to(manager.create(new float[] {300, 301, 302, 303}, new Shape(1, 4)), Dtype.BFLOAT16);
        NDArray weight = Aten.to(manager.create(new float[] {1, 1, 1, 1}), Dtype.BFLOAT16);
        NDArray y = new RmsNorm(weight, 1e-6).apply(x);
        assertThat(Tensors.dtype(y)).isEqualTo(Dtype.BFLOAT16);
        assertThat(Aten.to(y, Dtype.FLOAT32).toFloatArray())
                .containsExactly(new float[] {1, 1, 1, 1}, within(1f / 128));
    }

    @Test
    void apply_doesNotDependOnTheScaleOfItsInput() {
        var norm = new RmsNorm(manager.create(new float[] {1, 2, 3}), 1e-12);
        NDArray x = manager.create(new float[] {0.3f, -1, 2}, new Shape(1, 3));
        assertThat(norm.apply(x.mul(1000)).toFloatArray())
                .containsExactly(norm.apply(x).toFloatArray(), within(1e-5f));
    }
}
