package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How a step is cut, laid out and computed changes neither its loss (by 1e-5) nor a weight's gradient (by 1e-4
/// of its largest entry): every pair of ways, in float32.
final class TrainingInvarianceTest {

    private static final NDManager MANAGER = NDManager.newBaseManager("PyTorch");
    private static final Qwen2Config SHAPE = new Qwen2Config(97, 32, 48, 3, 4, 2, 64, 1e-6, 1e4, true);
    private static final RandomWeights WEIGHTS = new RandomWeights(MANAGER, 0.3, 5);
    private static final Qwen2Decoder MODEL = load();
    private static final List<TokenSequence> ROWS = rows();

    private static Qwen2Decoder load() {
        try (NDScope _ = new NDScope()) {
            Qwen2Decoder model = Qwen2Decoder.load(MANAGER, SHAPE, WEIGHTS);
            WEIGHTS.created().values().forEach(NDScope::unregister);
            return model;
        }
    }

    /// Eight sequences of unlike lengths with gaps in their marks, one of a single prediction.
    private static List<TokenSequence> rows() {
        Random random = new Random(3);
        List<TokenSequence> rows = new ArrayList<>();
        for (int length : new int[] {7, 31, 2, 19, 19, 40, 11, 5}) {
            boolean[] marked = new boolean[length];
            for (int t = 0; t < length; t++) {
                marked[t] = t == length - 1 || random.nextInt(4) > 0;
            }
            rows.add(new TokenSequence(random.ints(length, 0, SHAPE.vocabSize()).toArray(), marked));
        }
        return rows;
    }

    /// One way of computing the step of all rows.
    ///
    /// @param microBatch sequences a forward pass
    /// @param chunk predictions a chunk of the projection
    record Way(int microBatch, boolean packed, boolean recompute, int chunk) {}

    /// A loss and every weight's gradient.
    private record Outcome(double loss, Map<String, float[]> gradients) {}

    private static Outcome outcome(Way way) {
        int predictions = ROWS.stream().mapToInt(TokenSequence::predictions).sum();
        double loss = 0;
        for (int from = 0; from < ROWS.size(); from += way.microBatch) {
            List<TokenSequence> rows = ROWS.subList(from, Math.min(ROWS.size(), from + way.microBatch));
            TokenBatch batch = way.packed ? TokenBatch.packed(rows) : TokenBatch.of(rows);
            float[] weights = new float[batch.predictions()];
            Arrays.fill(weights, -1f / predictions);
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.on()) {
                ForwardPass pass = batch.forward(MODEL, MANAGER, way.recompute);
                var logProbs = new TokenLogProbs(MODEL.head(), 1, way.chunk);
                for (float logProb : logProbs.backward(pass, batch.targets(), weights)) {
                    loss -= logProb / predictions;
                }
            }
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        WEIGHTS.created().forEach((name, weight) -> {
            try (NDScope _ = new NDScope()) {
                NDArray gradient = Objects.requireNonNull(Tensors.gradient(weight), name);
                gradients.put(name, gradient.toFloatArray());
                gradient.subi(gradient.duplicate());
            }
        });
        return new Outcome(loss, gradients);
    }

    static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (int microBatch : new int[] {8, 3, 1}) {
            for (boolean packed : new boolean[] {false, true}) {
                for (boolean recompute : new boolean[] {false, true}) {
                    for (int chunk : new int[] {4096, 5}) {
                        ways.add(new Way(microBatch, packed, recompute, chunk));
                    }
                }
            }
        }
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyWay_givesTheSameLossAndGradients(Way way) {
        Outcome expected = outcome(new Way(1, false, false, 4096));
        Outcome found = outcome(way);
        assertThat(found.loss).isCloseTo(expected.loss, within(1e-5));
        expected.gradients.forEach((name, values) -> {
            float[] others = Objects.requireNonNull(found.gradients.get(name));
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < values.length; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
                worst = Math.max(worst, Math.abs(values[i] - others[i]));
            }
            assertThat(worst).as(name).isLessThan(1e-4 * largest);
        });
    }

    /// The hidden states of packed rows are those of the rows alone, and recomputation gives the very same
    /// numbers.
    @Test
    void layout_changesNoHiddenState() {
        float[] alone = hidden(TokenBatch.of(ROWS), false);
        assertThat(hidden(TokenBatch.of(ROWS), true)).containsExactly(alone);
        assertThat(hidden(TokenBatch.packed(ROWS), false)).containsExactly(alone, within(2e-5f));
    }

    private static float[] hidden(TokenBatch batch, boolean recompute) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            return batch.forward(MODEL, MANAGER, recompute).hidden().toFloatArray();
        }
    }

    @AfterAll
    static void close() {
        MANAGER.close();
    }
}
