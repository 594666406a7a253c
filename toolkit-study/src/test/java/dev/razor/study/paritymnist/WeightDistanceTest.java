package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WeightDistanceTest {

    private final NDManager manager = Tensors.newManager("cpu");
    private final GradMode off = GradMode.off();

    @AfterEach
    void close() {
        off.close();
        manager.close();
    }

    @Test
    void fisher_isTheMeanOfSquaredGradientsExampleByExample() {
        List<Integer> sizes = List.of(4, 6, 10);
        Parameters base = Parameters.initial(manager, sizes, 1);
        RandomGenerator random = Draws.generator(2);
        float[] values = new float[12];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        NDArray inputs = manager.create(values).reshape(3, 4);
        float[] fisher = WeightDistance.fisher(manager, base, inputs, 9).flat().toFloatArray();

        double[] expected = new double[fisher.length];
        RandomGenerator draws = Draws.generator(9, 0x4649_5348L); // the labels that fisher drew
        for (int row = 0; row < 3; row++) {
            Mlp.Activations one = Mlp.forward(base, inputs.get(row + ":" + (row + 1)));
            double[] logProbs = LogProbs.of(one.logits());
            double uniform = draws.nextDouble();
            int label = 0;
            for (double sum = Math.exp(logProbs[0]); uniform >= sum; sum += Math.exp(logProbs[label])) {
                label++;
            }
            float[] byLogits = new float[10];
            for (int y = 0; y < 10; y++) {
                byLogits[y] = (float) (Math.exp(logProbs[y]) - (y == label ? 1 : 0));
            }
            Parameters gradient = Parameters.zeros(manager, sizes);
            Mlp.gradient(base, one, manager.create(byLogits).reshape(1, 10), gradient);
            float[] g = gradient.flat().toFloatArray();
            for (int i = 0; i < g.length; i++) {
                expected[i] += (double) g[i] * g[i] / 3;
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) fisher[i]).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void distances_handWorked() {
        // One layer: 9 by 2 weights and 10 biases would do, but the last layer must have ten rows.
        List<Integer> sizes = List.of(2, 10);
        Parameters base = Parameters.zeros(manager, sizes);
        Parameters model = Parameters.zeros(manager, sizes);
        float[] change = new float[20];
        change[0] = 3; // (3, 0)
        change[3] = -4; // (0, -4)
        Values.write(model.weights().getFirst(), change);
        NDArray inputs = manager.create(new float[] {1, 2}).reshape(1, 2);
        Map<String, Double> meters = new WeightDistance(manager, base, inputs, 0).measure(model);

        assertThat(meters.get("weight_l1")).isCloseTo(7 / 30.0, within(1e-7));
        assertThat(meters.get("weight_spectral")).isCloseTo(4, within(1e-6));
        assertThat(meters.get("weight_rank")).isEqualTo(1);
        assertThat(meters.get("weight_sparsity")).isCloseTo(28 / 30.0, within(1e-6));
        // p = 1/10: a row's gradient of its logit is 0.9 or 0.1, squared, times x^2 = (1, 4)
        double one = 0.01 * 9 + 0.01 * 16 * 4;
        assertThat(meters.get("weight_fisher_l2"))
                .satisfiesAnyOf(
                        sum -> assertThat(sum).isCloseTo(one, within(1e-6)),
                        sum -> assertThat(sum).isCloseTo(one + 0.8 * 9, within(1e-5)),
                        sum -> assertThat(sum).isCloseTo(one + 0.8 * 64, within(1e-5)));
    }

    @Test
    void rankOne_isCountedAsSuch_andNoChangeAsNone() {
        List<Integer> sizes = List.of(2, 10);
        Parameters base = Parameters.zeros(manager, sizes);
        Parameters model = Parameters.zeros(manager, sizes);
        model.weights().getFirst().addi(0.25);
        NDArray inputs = manager.create(new float[] {1, 2}).reshape(1, 2);
        WeightDistance distance = new WeightDistance(manager, base, inputs, 0);

        assertThat(distance.measure(model)).containsEntry("weight_rank", 0.5);
        assertThat(distance.measure(base)).containsEntry("weight_rank", 0.0).containsEntry("weight_sparsity", 1.0);
    }
}
