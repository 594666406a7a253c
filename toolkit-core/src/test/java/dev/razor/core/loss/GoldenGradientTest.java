package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Completion-only loss and the gradient of every parameter, in float32 against the reference and in bfloat16
/// against float32.
final class GoldenGradientTest {

    private static final List<TokenSequence> ROWS = rows();

    private static List<TokenSequence> rows() {
        List<TokenSequence> rows = new ArrayList<>();
        for (JsonNode row : Golden.json("sft_loss.json").path("rows")) {
            rows.add(TokenSequence.of(Golden.ids(row.path("prompt_ids")), Golden.ids(row.path("completion_ids"))));
        }
        return rows;
    }

    /// Back-propagates the mean negative log-probability of all rows' marked tokens; returns that mean.
    private static double train(LoadedGolden golden, int chunkTokens) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            TokenBatch batch = TokenBatch.of(ROWS);
            float[] weights = new float[batch.predictions()];
            Arrays.fill(weights, -1f / batch.predictions());
            ForwardPass pass = batch.forward(golden.model(), golden.manager(), false);
            float[] logProbs =
                    new TokenLogProbs(golden.model().head(), 1, chunkTokens).backward(pass, batch.targets(), weights);
            double sum = 0;
            for (float logProb : logProbs) {
                sum -= logProb;
            }
            return sum / logProbs.length;
        }
    }

    private static Map<String, float[]> gradients(LoadedGolden golden) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            golden.parameters().forEach((name, parameter) -> {
                NDArray gradient = Objects.requireNonNull(Tensors.gradient(parameter), name + " has no gradient");
                gradients.put(name, Aten.to(gradient, Dtype.FLOAT32).toFloatArray());
            });
        }
        return gradients;
    }

    @Test
    void backward_givesTheReferenceLossAndGradients() {
        try (LoadedGolden golden = LoadedGolden.trainable(Dtype.FLOAT32);
                SafetensorsFile expected =
                        SafetensorsFile.open(Golden.directory().resolve("golden/sft_grads.safetensors"));
                NDScope _ = new NDScope()) {
            double loss = train(golden, 4096);
            assertThat(loss)
                    .isCloseTo(
                            Golden.json("sft_loss.json")
                                    .path("loss_mean_over_label_tokens")
                                    .asDouble(),
                            within(2e-5));
            Map<String, float[]> actual = gradients(golden);
            assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.names());
            actual.forEach((name, gradient) -> {
                float[] reference =
                        expected.copy(golden.manager(), name, Dtype.FLOAT32).toFloatArray();
                assertThat(gradient).as(name).containsExactly(reference, within(2e-4f * max(reference)));
            });
        }
    }

    @Test
    void backward_doesNotDependOnTheChunkSize() {
        try (LoadedGolden whole = LoadedGolden.trainable(Dtype.FLOAT32);
                LoadedGolden cut = LoadedGolden.trainable(Dtype.FLOAT32)) {
            assertThat(train(cut, 5)).isCloseTo(train(whole, 4096), within(1e-6));
            Map<String, float[]> expected = gradients(whole);
            gradients(cut)
                    .forEach((name, gradient) -> assertThat(gradient)
                            .as(name)
                            .containsExactly(
                                    Objects.requireNonNull(expected.get(name)),
                                    within(1e-5f * max(expected.get(name)))));
        }
    }

    /// A wrong cast does not throw: it cuts the graph, and the residual path hides the loss. So every
    /// parameter's bfloat16 gradient is compared with its float32 one: the norm within 3 % and the direction
    /// within a cosine of 0.995 (found: 1.9 % and 0.9987 at worst).
    @Test
    void backward_inBfloat16_reachesEveryParameterAsInFloat32() {
        try (LoadedGolden bfloat16 = LoadedGolden.trainable(Dtype.BFLOAT16);
                LoadedGolden float32 = LoadedGolden.trainable(Dtype.FLOAT32)) {
            assertThat(train(bfloat16, 7)).isCloseTo(train(float32, 4096), within(0.05));
            Map<String, float[]> expected = gradients(float32);
            gradients(bfloat16).forEach((name, gradient) -> {
                float[] reference = Objects.requireNonNull(expected.get(name));
                double norm = Math.sqrt(dot(gradient, gradient));
                double referenceNorm = Math.sqrt(dot(reference, reference));
                double cosine = dot(gradient, reference) / (norm * referenceNorm);
                assertThat(norm / referenceNorm).as(name).isCloseTo(1, within(0.03));
                assertThat(cosine).as(name).isGreaterThan(0.995);
            });
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static float max(float[] values) {
        float max = 0;
        for (float value : values) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }
}
