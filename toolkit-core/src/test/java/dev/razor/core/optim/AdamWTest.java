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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    /// shrinks by 1 - 0.01 * 0.1 first. Second step with g = -1: m = 0.9*0.2 - 0.1 = 0.08, corrected 0.08/0.19;
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
    void clipping_scalesAllGradientsTogether() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray a = manager.create(new float[] {0});
            NDArray b = manager.create(new float[] {0});
            a.setRequiresGradient(true);
            b.setRequiresGradient(true);
            giveGradient(a, 3);
            giveGradient(b, 4);
            double norm = GradientClip.norm(java.util.List.of(a, b));
            assertThat(norm).isCloseTo(5, within(1e-6));
            assertThat(GradientClip.factor(norm, 10)).isEqualTo(1);
            assertThat(GradientClip.factor(norm, 0)).isEqualTo(1);
            assertThat(GradientClip.factor(norm, 1)).isCloseTo(0.2, within(1e-6));
            // After the first step m is 0.1 g.
            try (AdamW adamW = new AdamW(Map.of("a", a, "b", b), SETTINGS)) {
                adamW.step(1, GradientClip.factor(norm, 1));
                assertThat(state(adamW, "a.exp_avg").toFloatArray()[0]).isCloseTo(0.06f, within(1e-6f));
                assertThat(state(adamW, "b.exp_avg").toFloatArray()[0]).isCloseTo(0.08f, within(1e-6f));
            }
        }
    }

    /// PyTorch's own formula in doubles, element by element, over a tensor of several pieces.
    @Test
    void step_agreesWithAScalarVersion_acrossPieces() {
        int size = 2_200_001;
        float[] theta = new float[size];
        for (int i = 0; i < size; i++) {
            theta[i] = (float) Math.sin(i);
        }
        double[] expected = new double[size];
        double[] mean = new double[size];
        double[] square = new double[size];
        for (int i = 0; i < size; i++) {
            expected[i] = theta[i];
        }
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray parameter = manager.create(theta.clone(), new Shape(1, size));
            parameter.setRequiresGradient(true);
            try (AdamW adamW = new AdamW(Map.of("p", parameter), SETTINGS)) {
                for (int step = 1; step <= 3; step++) {
                    float[] gradient = new float[size];
                    for (int i = 0; i < size; i++) {
                        gradient[i] = (float) (Math.cos(i * 0.37 + step) * Math.pow(10, i % 7 - 5));
                        double g = 0.5 * gradient[i];
                        expected[i] *= 1 - 0.01 * 0.1;
                        mean[i] = 0.9 * mean[i] + 0.1 * g;
                        square[i] = 0.999 * square[i] + 0.001 * g * g;
                        double root = Math.sqrt(square[i]) / Math.sqrt(1 - Math.pow(0.999, step)) + 1e-8;
                        expected[i] -= 0.01 / (1 - Math.pow(0.9, step)) * mean[i] / root;
                    }
                    try (NDScope _ = new NDScope();
                            GradMode _ = GradMode.on()) {
                        Tensors.backward(parameter.mul(1), manager.create(gradient, new Shape(1, size)));
                    }
                    adamW.step(0.01, 0.5);
                }
            }
            float[] found = parameter.toFloatArray();
            for (int i = 0; i < size; i++) {
                assertThat((double) found[i]).as("element %d", i).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    /// With gradients of 1 forever `v` tends to 1; a bfloat16 rounded to the nearest stands still near 0.25,
    /// where a step of (1 - v) / 1000 is less than half of 1/512.
    @Test
    void step_movesBfloat16Moments_inTheMean() {
        int size = 4000;
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray parameter = Tensors.zeros(manager, Dtype.FLOAT32, size);
            parameter.setRequiresGradient(true);
            var settings = new AdamW.Settings(0.9, 0.999, 1e-8, 0, Dtype.BFLOAT16, 7);
            try (AdamW adamW = new AdamW(Map.of("p", parameter), settings)) {
                for (int step = 0; step < 700; step++) {
                    giveGradient(parameter, 1);
                    adamW.step(1e-3);
                }
                assertThat(mean(state(adamW, "p.exp_avg_sq")))
                        .isCloseTo(1 - Math.pow(0.999, 700), within(0.005)); // 0.5036
                assertThat(mean(state(adamW, "p.exp_avg"))).isCloseTo(1, within(0.005));
                // Each step moves a weight by the learning rate: m / sqrt(v), corrected, is 1.
                assertThat(mean(parameter)).isCloseTo(-0.7, within(0.01));
            }
        }
    }

    private static double mean(NDArray array) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            double sum = 0;
            for (float value : Aten.to(Aten.detach(array), Dtype.FLOAT32).toFloatArray()) {
                sum += value;
            }
            return sum / array.size();
        }
    }

    /// An optimiser that takes over another's state goes on as that one does, bit for bit.
    @ParameterizedTest
    @CsvSource({"FLOAT32, FLOAT32", "FLOAT32, BFLOAT16", "BFLOAT16, FLOAT32", "BFLOAT16, BFLOAT16"})
    void restore_continuesBitForBit(Dtype type, Dtype moments) {
        var settings = new AdamW.Settings(0.9, 0.999, 1e-8, 0.1, moments, 3);
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray first = parameter(manager, type);
            NDArray second = parameter(manager, type);
            try (AdamW one = new AdamW(Map.of("p", first), settings);
                    AdamW other = new AdamW(Map.of("p", second), settings)) {
                steps(one, first, 5);
                other.restore(one.steps(), (name, _) -> state(one, name));
                steps(one, first, 5);
                steps(other, second, 5);
                assertThat(floats(second)).containsExactly(floats(first));
                one.state()
                        .forEach((name, tensor) ->
                                assertThat(floats(state(other, name))).as(name).containsExactly(floats(tensor)));
            }
        }
    }

    private static void steps(AdamW adamW, NDArray parameter, int count) {
        for (int i = 0; i < count; i++) {
            giveGradient(parameter, 0.3 + 0.01 * adamW.steps());
            adamW.step(0.003);
        }
    }

    private static NDArray parameter(NDManager manager, Dtype type) {
        NDArray parameter = Tensors.zeros(manager, type, 5, 7);
        Aten.copyInPlace(parameter, manager.ones(new Shape(5, 7)));
        parameter.setRequiresGradient(true);
        return parameter;
    }

    private static float[] floats(NDArray array) {
        return Aten.to(Aten.detach(array), Dtype.FLOAT32).toFloatArray();
    }

    private static NDArray state(AdamW adamW, String name) {
        return Objects.requireNonNull(adamW.state().get(name), name);
    }
}
