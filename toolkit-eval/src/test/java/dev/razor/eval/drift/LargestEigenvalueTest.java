package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Tensors;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestEigenvalueTest {

    private static double of(NDManager manager, int size, double... entries) {
        return LargestEigenvalue.of(manager.create(entries, new Shape(size, size)));
    }

    /// [[2, 1], [1, 2]] has 3 and 1.
    @Test
    void of_smallMatrices_isKnown() {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            assertThat(of(manager, 1, 5)).isCloseTo(5, within(1e-12));
            assertThat(of(manager, 2, 2, 1, 1, 2)).isCloseTo(3, within(1e-12));
            assertThat(of(manager, 3, 4, 0, 0, 0, 4, 0, 0, 0, 4)).isCloseTo(4, within(1e-12));
            assertThat(of(manager, 2, 0, 0, 0, 0)).isZero();
        }
    }

    /// A Gram matrix of noise, whose largest eigenvalues lie close together, against a full decomposition.
    @Test
    void of_aNoiseMatrix_agreesWithAllSingularValues() {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            for (int size : new int[] {40, 300}) {
                Random random = new Random(size);
                double[] values = new double[size * size];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextGaussian();
                }
                NDArray x = manager.create(values, new Shape(size, size));
                NDArray gram = Aten.transpose(x, 0, 1).matMul(x);
                double exact = Aten.singularValues(x).toDoubleArray()[0];
                assertThat(Math.sqrt(LargestEigenvalue.of(gram))).isCloseTo(exact, within(5e-7 * exact));
            }
        }
    }
}
