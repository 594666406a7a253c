package dev.razor.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Tensors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SamplerTest {

    private static final double[] P = {0.15, 0.4, 0.05, 0.3, 0.1};
    private static final int DRAWS = 20_000;

    /// What is left of P: at temperature 1/2 its squares, normalised; top_k 3 keeps 0.4, 0.3, 0.15; top_p 0.7
    /// needs 0.4 and 0.3 (mass before the third is 0.7, which is not below 0.69); top_k 4 then top_p 0.5: of
    /// the 0.95 that is kept, 0.4/0.95 = 0.42 lies before the second and 0.7/0.95 before the third.
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 0.15, 0.4, 0.05, 0.3, 0.1",
        "0.5, 1, 0, 0.0789474, 0.5614035, 0.0087719, 0.3157895, 0.0350877",
        "1, 1, 3, 0.1764706, 0.4705882, 0, 0.3529412, 0",
        "1, 0.69, 0, 0, 0.5714286, 0, 0.4285714, 0",
        "1, 0.5, 4, 0, 0.5714286, 0, 0.4285714, 0",
        "0, 1, 0, 0, 1, 0, 0, 0"
    })
    void choose_followsTheDistribution(
            double temperature, double topP, int topK, double a, double b, double c, double d, double e) {
        double[] frequency = new double[P.length];
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            var sampler = new Sampler(new SamplingOptions(1, temperature, topP, topK, new int[0]));
            float[] logits = new float[DRAWS * P.length];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) Math.log(P[i % P.length]) + 7;
            }
            NDArray rows = manager.create(logits, new Shape(DRAWS, P.length));
            double[] u = IntStream.range(0, DRAWS)
                    .mapToDouble(seed -> Draws.uniform(seed, 3))
                    .toArray();
            for (long token : sampler.choose(rows, u).tokens()) {
                frequency[(int) token] += 1.0 / DRAWS;
            }
        }
        // Standard error of a frequency is at most 0.5 / sqrt(20000) = 0.0035.
        assertThat(frequency).containsExactly(new double[] {a, b, c, d, e}, within(0.015));
    }

    @Test
    void choose_reportsTheLogProbabilityBeforeTheCut() {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            NDArray logits =
                    manager.create(new float[] {(float) Math.log(0.25), (float) Math.log(0.75)}, new Shape(1, 2));
            Sampler.Choice choice =
                    new Sampler(new SamplingOptions(1, 1, 1, 1, new int[0])).choose(logits, new double[] {0.7});
            assertThat(choice.tokens()).containsExactly(1);
            assertThat(choice.logProbs()[0]).isCloseTo((float) Math.log(0.75), within(1e-6f));
        }
    }
}
