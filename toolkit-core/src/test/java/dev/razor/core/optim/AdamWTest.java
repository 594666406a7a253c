package dev.razor.core.optim;

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
import org.junit.jupiter.api.Test;

final class AdamWTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-8, 0.1);

    /// Gives `parameter` the gradient `value` everywhere, by differentiating `value * sum(parameter)`.
    private static void giveGradient(NDArray parameter, double value) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            NDArray gradient = Tensors.zeros(
                    parameter.getManager(),
                    Tensors.dtype(parameter),
                    parameter.getShape().getShape());
            Tensors.backward(parameter.mul(1), gradient.add(value));
        }
    }

    /// g = 2: m = 0.2, v = 0.004, corrected m = 2, sqrt(v) = 2, so the step is lr (1 - 1e-8/2); the matrix
    /// shrinks by
    /// 1 - 0.01 * 0.1 first. Second step with g = -1: m = 0.9*0.2 - 0.1 = 0.08, corrected 0.08/0.19;
    /// v = 0.999*0.004 + 0.001 = 0.004996, corrected 0.004996/0.001999.
    @Test
    void step_matchesTwoStepsWorkedOutByHand() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray matrix = manager.create(new float[] {1}, new Shape(1, 1));
            NDArray vector = manager.create(new float[] {1}, new Shape(1));
            matrix.setRequiresGradient(true);
            vector.setRequiresGradient(true);
            try (AdamW adamW = new AdamW(Map.of("matrix", matrix, "vector", vector), SETTINGS)) {
                giveGradient(matrix, 2);
                giveGradient(vector, 2);
                adamW.step(0.01);
                assertThat(matrix.toFloatArray()[0]).isCloseTo(0.999f - 0.01f, within(1e-6f));
                assertThat(vector.toFloatArray()[0]).isCloseTo(0.99f, within(1e-6f));
                giveGradient(matrix, -1);
                giveGradient(vector, -1);
                adamW.step(0.01);
                double update = 0.01 * (0.08 / 0.19) / (Math.sqrt(0.004996 / 0.001999) + 1e-8);
                assertThat(matrix.toFloatArray()[0]).isCloseTo((float) (0.989 * 0.999 - update), within(1e-6f));
                assertThat(vector.toFloatArray()[0]).isCloseTo((float) (0.99 - update), within(1e-6f));
            }
        }
    }

    /// A bfloat16 just below 1 has steps of 1/256, so 100 updates of 1e-4 would each be lost without a master
    /// copy.
    @Test
    void step_gathersSmallUpdatesOfABfloat16Parameter() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray parameter = Tensors.zeros(manager, Dtype.BFLOAT16, 3);
            Aten.copyInPlace(parameter, manager.create(new float[] {1, 1, 1}));
            parameter.setRequiresGradient(true);
            try (AdamW adamW = new AdamW(Map.of("p", parameter), SETTINGS)) {
                for (int i = 0; i < 100; i++) {
                    giveGradient(parameter, 1);
                    adamW.step(1e-4);
                }
                assertThat(Aten.to(Aten.detach(parameter), Dtype.FLOAT32).toFloatArray())
                        .containsOnly(253f / 256); // 0.99 rounded to bfloat16
            }
        }
    }

    @Test
    void step_leavesGradientsAtZero_evenAfterNaN() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray parameter = manager.create(new float[] {1});
            parameter.setRequiresGradient(true);
            try (AdamW adamW = new AdamW(Map.of("p", parameter), SETTINGS)) {
                giveGradient(parameter, Double.NaN);
                adamW.step(0);
                NDArray gradient = java.util.Objects.requireNonNull(Tensors.gradient(parameter));
                assertThat(gradient.toFloatArray()).containsExactly(0f);
            }
        }
    }

    /// Gradients 3 and 4 have norm 5; clipped to 1 they become 0.6 and 0.8 (up to the 1e-6 in the formula).
    @Test
    void byGlobalNorm_scalesAllGradientsTogether() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray a = manager.create(new float[] {0});
            NDArray b = manager.create(new float[] {0});
            a.setRequiresGradient(true);
            b.setRequiresGradient(true);
            giveGradient(a, 3);
            giveGradient(b, 4);
            assertThat(GradientClip.byGlobalNorm(java.util.List.of(a, b), 10)).isCloseTo(5, within(1e-6));
            assertThat(GradientClip.byGlobalNorm(java.util.List.of(a, b), 1)).isCloseTo(5, within(1e-6));
            assertThat(a.getGradient().toFloatArray()[0]).isCloseTo(0.6f, within(1e-6f));
            assertThat(b.getGradient().toFloatArray()[0]).isCloseTo(0.8f, within(1e-6f));
        }
    }
}
