package dev.razor.core.model.qwen2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyModel;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Qwen2DecoderTest {

    private static final AttentionContext CAUSAL = new AttentionContext.Causal();

    private final NDManager manager = Tensors.newManager("cpu");
    private final GradMode gradMode = GradMode.off();
    private final NDScope scope = new NDScope();

    private Qwen2Decoder tiny;

    @BeforeEach
    void buildTinyModel() {
        tiny = TinyModel.decoder(manager, TinyModel.UNTIED, TinyModel.weights(manager, TinyModel.UNTIED, 7));
    }

    @AfterEach
    void close() {
        scope.close();
        gradMode.close();
        manager.close();
    }

    private float[][] logits(Qwen2Decoder model, AttentionContext context, int[]... rows) {
        long[] tokens =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        NDArray ids = manager.create(tokens, new Shape(rows.length, rows[0].length));
        NDArray hidden = model.hidden(ids, context);
        float[] flat = model.head().apply(hidden).toFloatArray();
        int vocabulary = model.vocabularySize();
        float[][] logits = new float[tokens.length][];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Arrays.copyOfRange(flat, i * vocabulary, (i + 1) * vocabulary);
        }
        return logits;
    }

    private static int[] randomTokens(int length, long seed) {
        return new Random(seed).ints(length, 0, 64).toArray();
    }

    /// Hidden size, heads and key/value heads: grouped queries, one key for all, a key each.
    @ParameterizedTest
    @CsvSource({"32, 4, 2, false", "32, 4, 2, true", "24, 3, 1, false", "32, 4, 4, true", "24, 6, 3, true"})
    void hidden_matchesTheScalarReference(int hidden, int heads, int keyValueHeads, boolean tied) {
        var config = new Qwen2Config(64, hidden, 48, 3, heads, keyValueHeads, 128, 1e-6, 10_000, tied);
        Map<String, NDArray> weights = TinyModel.weights(manager, config, 11);
        int[] tokens = randomTokens(19, 3);
        double[][] expected = new ReferenceQwen2(config, weights).logits(tokens);
        float[][] found = logits(TinyModel.decoder(manager, config, weights), CAUSAL, tokens);
        for (int t = 0; t < tokens.length; t++) {
            for (int v = 0; v < 64; v++) {
                assertThat((double) found[t][v])
                        .as("position %d, logit %d", t, v)
                        .isCloseTo(expected[t][v], within(1e-4 * Math.max(1, Math.abs(expected[t][v]))));
            }
        }
        assertThat(Arrays.stream(expected[18]).map(Math::abs).max().orElseThrow())
                .as("the weights are large enough for errors to show")
                .isGreaterThan(0.5);
    }

    @Test
    void hidden_isCausal_changingTheLastTokenLeavesEarlierLogitsAlone() {
        int[] tokens = randomTokens(12, 5);
        int[] changed = tokens.clone();
        changed[11] = (tokens[11] + 1) % 64;
        float[][] a = logits(tiny, CAUSAL, tokens);
        float[][] b = logits(tiny, CAUSAL, changed);
        for (int t = 0; t < 11; t++) {
            assertThat(b[t]).as("position %d", t).containsExactly(a[t], within(1e-6f));
        }
        assertThat(b[11]).isNotEqualTo(a[11]);
    }

    @Test
    void hidden_doesNotDependOnPaddingOnTheRight() {
        int[] tokens = randomTokens(9, 1);
        int[] longer = randomTokens(14, 2);
        float[][] alone = logits(tiny, CAUSAL, tokens);
        float[][] padded = logits(tiny, CAUSAL, longer, Arrays.copyOf(tokens, 14));
        for (int t = 0; t < 9; t++) {
            assertThat(padded[14 + t]).as("position %d", t).containsExactly(alone[t], within(1e-5f));
        }
    }

    /// Padding on the left is masked and moves the positions; padding sees itself, so that no row is empty.
    @Test
    void hidden_doesNotDependOnPaddingOnTheLeft() {
        int length = 9;
        int width = 14;
        int pad = width - length;
        int[] tokens = randomTokens(length, 1);
        int[] row = new int[width];
        System.arraycopy(tokens, 0, row, pad, length);
        long[] positions = new long[width];
        float[] mask = new float[width * width];
        for (int t = 0; t < width; t++) {
            positions[t] = Math.max(0, t - pad);
            for (int s = 0; s < width; s++) {
                boolean sees = s == t || (s >= pad && s <= t);
                mask[t * width + s] = sees ? 0 : Float.NEGATIVE_INFINITY;
            }
        }
        var context = new AttentionContext.Masked(
                manager.create(positions, new Shape(1, width)),
                length - 1,
                manager.create(mask, new Shape(1, 1, width, width)));
        float[][] alone = logits(tiny, CAUSAL, tokens);
        float[][] padded = logits(tiny, context, row);
        for (int t = 0; t < length; t++) {
            assertThat(padded[pad + t]).as("position %d", t).containsExactly(alone[t], within(1e-5f));
        }
    }

    @Test
    void head_ofATiedModel_isTheEmbedding() {
        Map<String, NDArray> weights = TinyModel.weights(manager, TinyModel.TIED, 7);
        Qwen2Decoder tied = TinyModel.decoder(manager, TinyModel.TIED, weights);
        assertThat(weights).doesNotContainKey("lm_head.weight");
        assertThat(tied.head().weight()).isSameAs(weights.get("model.embed_tokens.weight"));
        assertThat(tied.head()
                        .apply(Aten.to(
                                manager.ones(new Shape(1, 32)),
                                Tensors.dtype(tied.head().weight())))
                        .getShape())
                .isEqualTo(new Shape(1, 64));
    }

    @Test
    void parameterCount_countsWhatIsLoaded() {
        for (Qwen2Config config : new Qwen2Config[] {TinyModel.TIED, TinyModel.UNTIED}) {
            long loaded = TinyModel.weights(manager, config, 1).values().stream()
                    .mapToLong(NDArray::size)
                    .sum();
            assertThat(config.parameterCount()).isEqualTo(loaded);
        }
    }
}
