package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TaskMeterTest {

    private static final List<Integer> SIZES = List.of(2, 2, 10);

    private final NDManager manager = Tensors.newManager("cpu");
    private final GradMode off = GradMode.off();
    private Parameters base = Parameters.zeros(manager, SIZES);

    @BeforeEach
    void identity() {
        // h = relu(x), logits = 0: uniform over ten classes
        base = Parameters.zeros(manager, SIZES);
        Values.write(base.weights().getFirst(), 1, 0, 0, 1);
    }

    @AfterEach
    void close() {
        off.close();
        manager.close();
    }

    @Test
    void distances_ofAShiftedLogit_areTheAnalyticOnes() {
        Parameters model = base.copy(manager);
        Values.write(model.biases().getLast(), (float) Math.log(11), 0, 0, 0, 0, 0, 0, 0, 0, 0);
        // q = (11/20, 1/20, ...), p = 1/10
        Map<String, Double> meters = meter(false).measure(model).meters();

        assertThat(meters.get("forward_kl")).isCloseTo(0.1 * Math.log(0.1 / 0.55) + 0.9 * Math.log(2), within(1e-6));
        assertThat(meters.get("reverse_kl")).isCloseTo(0.55 * Math.log(5.5) - 0.45 * Math.log(2), within(1e-6));
        assertThat(meters.get("total_variation")).isCloseTo(0.45, within(1e-6));
        assertThat(meters.get("l2")).isCloseTo(Math.sqrt(0.45 * 0.45 + 9 * 0.05 * 0.05), within(1e-6));
        assertThat(meters.get("forward_kl_unclamped")).isCloseTo(meters.get("forward_kl"), within(1e-12));
        assertThat(meters.get("activation_l1")).isZero();
    }

    @Test
    void clamp_capsALogRatioAt23() {
        double[] p = {Math.log(0.5), Math.log(0.5)};
        double[] q = {-100, 0};

        // 1/2 log(1/2 / 1e-10) + 1/2 log(1/2)
        assertThat(TaskMeter.clamped(p, q, 2)).isCloseTo(Math.log(0.5) + 5 * Math.log(10), within(1e-9));
    }

    @Test
    void activationChange_handWorked() {
        Parameters model = base.copy(manager);
        Values.write(model.weights().getFirst(), 1, 0, 0, 3);
        // x = (1, 2), (2, 0): changes (0, 4), (0, 0); rms of the first row sqrt(8)
        Map<String, Double> meters = meter(false).measure(model).meters();

        assertThat(meters.get("activation_l1")).isCloseTo(1, within(1e-6));
        assertThat(meters.get("activation_l2")).isCloseTo(Math.sqrt(8) / 2, within(1e-6));
    }

    @Test
    void accuracy_ofParity_takesAnyLabelOfTheRightParity() {
        Parameters model = base.copy(manager);
        Values.write(model.biases().getLast(), 0, 0, 0, 0, 0, 0, 1, 0, 0, 0); // always 6

        assertThat(meter(true).measure(model).accuracy()).isEqualTo(0.5); // labels 4 and 3
        assertThat(meter(false).measure(model).accuracy()).isZero();
    }

    @Test
    void gradient_ofTheRightLabelsLoss_isThatOfFiniteDifferences() {
        Parameters model = Parameters.initial(manager, SIZES, 8);
        Parameters gradient = Parameters.zeros(manager, SIZES);
        TaskMeter meter = meter(true);
        meter.gradient(model, gradient);
        float[] values = gradient.flat().toFloatArray();
        for (int i = 0; i < values.length; i++) {
            double slope = (loss(model, i, 1e-2f) - loss(model, i, -1e-2f)) / 2e-2;
            assertThat((double) values[i]).isCloseTo(slope, within(2e-4));
        }
    }

    private double loss(Parameters model, int index, float change) {
        try (Parameters moved = model.copy(manager)) {
            NDArray entry = Aten.narrow(moved.flat(), 0, index, 1);
            entry.addi(change);
            double[] logProbs =
                    LogProbs.of(Mlp.forward(moved, images().inputs()).logits());
            double even = 0;
            double odd = 0;
            for (int y = 0; y < 10; y += 2) {
                even += Math.exp(logProbs[y]);
                odd += Math.exp(logProbs[11 + y]);
            }
            return -(Math.log(even) + Math.log(odd)) / 2;
        }
    }

    @Test
    void measuring_leavesNoTensorsBehind() {
        TaskMeter meter = meter(true);
        meter.measure(base);
        int before = manager.getManagedArrays().size();
        meter.measure(base);
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    private TaskMeter meter(boolean parity) {
        try (NDScope _ = new NDScope()) {
            return new TaskMeter(manager, base, images(), parity);
        }
    }

    private Images images() {
        NDArray inputs = manager.create(new float[] {1, 2, 2, 0}).reshape(2, 2);
        NDScope.unregister(inputs);
        return new Images(inputs, new byte[] {4, 3});
    }
}
