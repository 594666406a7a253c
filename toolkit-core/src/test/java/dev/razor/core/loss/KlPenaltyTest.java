package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.LoadedGolden;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KlPenaltyTest {

    /// What one backward pass gives: values, and the gradients of states `[M, D]` and projection `[V, D]`.
    private record Found(KlPenalty.Result result, float[] hiddenGradient, float[] headGradient) {}

    /// A case as plain numbers: `M` states of `D` channels, `V` tokens, a target and two weights a state.
    private record Case(
            double[][] hidden,
            double[][] baseHidden,
            double[][] head,
            double[][] baseHead,
            int[] targets,
            double[] weights,
            double[] klWeights,
            double temperature,
            KlDirection direction) {

        static Case random(KlDirection direction, double temperature) {
            var random = new Random(7);
            int count = 11;
            return new Case(
                    matrix(random, count, 4, 1),
                    matrix(random, count, 3, 1),
                    matrix(random, 9, 4, 0.7),
                    matrix(random, 9, 3, 0.7),
                    random.ints(count, 0, 9).toArray(),
                    random.doubles(count, -1, 1).toArray(),
                    random.doubles(count, 0, 2).toArray(),
                    temperature,
                    direction);
        }

        /// The same with the base's numbers for the model.
        Case withModelOfBase() {
            return new Case(
                    baseHidden,
                    baseHidden,
                    baseHead,
                    baseHead,
                    targets,
                    new double[targets.length],
                    klWeights,
                    temperature,
                    direction);
        }

        /// The penalty by its definition, in doubles and without logarithms of sums: the reference.
        double loss() {
            double loss = 0;
            for (int m = 0; m < targets.length; m++) {
                double[] q = softmax(hidden[m], head);
                loss += weights[m] * Math.log(q[targets[m]]) + klWeights[m] * divergence(m);
            }
            return loss;
        }

        double divergence(int m) {
            double[] p = softmax(baseHidden[m], baseHead);
            double[] q = softmax(hidden[m], head);
            double sum = 0;
            for (int v = 0; v < p.length; v++) {
                sum += switch (direction) {
                    case FORWARD -> p[v] * Math.log(p[v] / q[v]);
                    case REVERSE -> q[v] * Math.log(q[v] / p[v]);
                };
            }
            return sum;
        }

        private double[] softmax(double[] state, double[][] projection) {
            double[] e = new double[projection.length];
            for (int v = 0; v < e.length; v++) {
                double logit = 0;
                for (int d = 0; d < state.length; d++) {
                    logit += state[d] * projection[v][d];
                }
                e[v] = Math.exp(logit / temperature);
            }
            double sum = Arrays.stream(e).sum();
            return Arrays.stream(e).map(x -> x / sum).toArray();
        }

        /// The derivative of the loss by each entry of one of the case's own arrays, by central differences.
        double[] derivative(double[][] array) {
            double step = 1e-5;
            double[] derivative = new double[array.length * array[0].length];
            for (int i = 0; i < derivative.length; i++) {
                double[] row = array[i / array[0].length];
                int at = i % array[0].length;
                double value = row[at];
                row[at] = value + step;
                double above = loss();
                row[at] = value - step;
                double below = loss();
                row[at] = value;
                derivative[i] = (above - below) / (2 * step);
            }
            return derivative;
        }

        Found backward(int chunkTokens) {
            try (NDManager manager = Tensors.newManager("cpu");
                    NDScope _ = new NDScope();
                    GradMode _ = GradMode.on()) {
                NDArray states = tensor(manager, hidden);
                NDArray weight = tensor(manager, head);
                states.setRequiresGradient(true);
                weight.setRequiresGradient(true);
                var penalty = new KlPenalty(
                        new Linear(weight, null),
                        new Linear(tensor(manager, baseHead), null),
                        direction,
                        temperature,
                        chunkTokens);
                KlPenalty.Result result = penalty.backward(
                        ForwardPass.recorded(states),
                        tensor(manager, baseHidden),
                        Arrays.stream(targets).asLongStream().toArray(),
                        floats(weights),
                        floats(klWeights));
                return new Found(
                        result,
                        Objects.requireNonNull(Tensors.gradient(states)).toFloatArray(),
                        Objects.requireNonNull(Tensors.gradient(weight)).toFloatArray());
            }
        }
    }

    private static double[][] matrix(Random random, int rows, int columns, double scale) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            Arrays.setAll(row, _ -> scale * random.nextGaussian());
        }
        return matrix;
    }

    private static NDArray tensor(NDManager manager, double[][] matrix) {
        return manager.create(
                floats(Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray()),
                new Shape(matrix.length, matrix[0].length));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /// Three tokens, p = (1/2, 1/4, 1/4) and q = (1/4, 1/4, 1/2), target 2, weight -1, KL weight 3.
    /// Forward and reverse KL are both 1/4 ln 2. By the logits, -log q_2 gives (1/4, 1/4, -1/2); the forward KL
    /// q - p = (-1/4, 0, 1/4); the reverse KL q (log q/p - KL) = (-5/16, -1/16, 6/16) ln 2. With states of one
    /// channel that is 1, a logit's gradient is its weight's.
    @ParameterizedTest
    @EnumSource
    void backward_matchesThreeTokensWorkedOutByHand(KlDirection direction) {
        double[][] one = {{1}};
        double[][] base = {{Math.log(0.5)}, {Math.log(0.25)}, {Math.log(0.25)}};
        double[][] model = {{Math.log(0.25)}, {Math.log(0.25)}, {Math.log(0.5)}};
        var found = new Case(one, one, model, base, new int[] {2}, new double[] {-1}, new double[] {3}, 1, direction)
                .backward(16);
        double ln2 = Math.log(2);
        assertThat(found.result.logProbs()[0]).isCloseTo((float) -ln2, within(1e-6f));
        assertThat(found.result.divergences()[0]).isCloseTo(ln2 / 4, within(1e-7));
        double[] expected = switch (direction) {
            case FORWARD -> new double[] {0.25 - 0.75, 0.25, -0.5 + 0.75};
            case REVERSE -> new double[] {0.25 - 15.0 / 16 * ln2, 0.25 - 3.0 / 16 * ln2, -0.5 + 18.0 / 16 * ln2};
        };
        assertThat(doubles(found.headGradient)).containsExactly(expected, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource
    void backward_matchesTheScalarVersionAndItsDifferences(KlDirection direction) {
        Case numbers = Case.random(direction, 0.8);
        Found found = numbers.backward(1000);
        for (int m = 0; m < numbers.targets.length; m++) {
            assertThat(found.result.divergences()[m]).isCloseTo(numbers.divergence(m), within(1e-5));
        }
        assertThat(doubles(found.hiddenGradient)).containsExactly(numbers.derivative(numbers.hidden), within(2e-5));
        assertThat(doubles(found.headGradient)).containsExactly(numbers.derivative(numbers.head), within(2e-5));
    }

    @ParameterizedTest
    @EnumSource
    void backward_doesNotDependOnTheChunkSize(KlDirection direction) {
        Case numbers = Case.random(direction, 1);
        Found whole = numbers.backward(1000);
        for (int chunk : new int[] {1, 4}) {
            Found cut = numbers.backward(chunk);
            assertThat(cut.result.logProbs()).containsExactly(whole.result.logProbs(), within(1e-6f));
            assertThat(cut.result.divergences()).containsExactly(whole.result.divergences(), within(1e-6));
            assertThat(cut.hiddenGradient).containsExactly(whole.hiddenGradient, within(1e-6f));
            assertThat(cut.headGradient).containsExactly(whole.headGradient, within(1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void backward_ofTheBaseItself_isZeroExactly(KlDirection direction) {
        Found found = Case.random(direction, 1).withModelOfBase().backward(4);
        assertThat(found.result.divergences()).containsOnly(0.0);
        // A sum over the vocabulary that is zero term by term; minus zero is zero.
        assertThat(doubles(found.hiddenGradient)).containsExactly(new double[found.hiddenGradient.length], within(0.0));
        assertThat(doubles(found.headGradient)).containsExactly(new double[found.headGradient.length], within(0.0));
    }

    @Test
    void of_withOtherVocabularies_saysSo() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            Linear five = new Linear(manager.create(new Shape(5, 2)), null);
            Linear six = new Linear(manager.create(new Shape(6, 2)), null);
            assertThatThrownBy(() -> KlPenalty.of(five, six, KlDirection.FORWARD, 1))
                    .hasMessage("the models' vocabularies differ: 6 and 5 ids");
        }
    }

    private static final TokenBatch BATCH = TokenBatch.of(List.of(
            TokenSequence.of(new int[] {5, 17, 300}, new int[] {42, 7, 748}),
            TokenSequence.of(new int[] {12}, new int[] {99, 640, 3, 21})));

    /// Values of a whole model against its base, and the gradient of every parameter.
    private static double[] train(
            LoadedGolden model, LoadedGolden base, KlDirection direction, int chunkTokens, boolean recompute) {
        NDArray baseHidden;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            try (GradMode _ = GradMode.off()) {
                baseHidden = BATCH.hidden(base.model(), base.manager());
            }
            float[] weights = new float[BATCH.predictions()];
            float[] klWeights = new float[BATCH.predictions()];
            Arrays.fill(weights, -1f / BATCH.predictions());
            Arrays.fill(klWeights, 0.5f / BATCH.predictions());
            var penalty = new KlPenalty(model.model().head(), base.model().head(), direction, 1, chunkTokens);
            return penalty.backward(
                            BATCH.forward(model.model(), model.manager(), recompute),
                            baseHidden,
                            BATCH.targets(),
                            weights,
                            klWeights)
                    .divergences();
        }
    }

    private static Map<String, float[]> gradients(LoadedGolden golden) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            golden.parameters()
                    .forEach((name, parameter) -> gradients.put(
                            name,
                            Aten.to(Objects.requireNonNull(Tensors.gradient(parameter), name), Dtype.FLOAT32)
                                    .toFloatArray()));
        }
        return gradients;
    }

    @ParameterizedTest
    @EnumSource
    void backward_ofAWholeModel_hasTheValueOfDivergences(KlDirection direction) {
        try (LoadedGolden model = LoadedGolden.trainable(Dtype.FLOAT32);
                LoadedGolden base = LoadedGolden.frozen("model-a-perturbed");
                NDScope _ = new NDScope()) {
            double[] found = train(model, base, direction, 3, false);
            Divergences expected;
            try (GradMode _ = GradMode.off()) {
                expected = Divergences.between(
                        BATCH.hidden(base.model(), base.manager()),
                        base.model().head(),
                        BATCH.hidden(model.model(), model.manager()),
                        model.model().head());
            }
            assertThat(found)
                    .containsExactly(
                            direction == KlDirection.FORWARD ? expected.forwardKl() : expected.reverseKl(),
                            within(1e-5));
        }
    }

    /// Without a KL weight the pass is that of [TokenLogProbs].
    @Test
    void backward_withoutKlWeights_isThatOfTokenLogProbs() {
        Case numbers = Case.random(KlDirection.FORWARD, 0.8);
        Found found = new Case(
                        numbers.hidden,
                        numbers.baseHidden,
                        numbers.head,
                        numbers.baseHead,
                        numbers.targets,
                        numbers.weights,
                        new double[numbers.targets.length],
                        0.8,
                        KlDirection.FORWARD)
                .backward(4);
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            NDArray states = tensor(manager, numbers.hidden);
            NDArray weight = tensor(manager, numbers.head);
            states.setRequiresGradient(true);
            weight.setRequiresGradient(true);
            float[] logProbs = new TokenLogProbs(new Linear(weight, null), 0.8, 4)
                    .backward(
                            ForwardPass.recorded(states),
                            Arrays.stream(numbers.targets).asLongStream().toArray(),
                            floats(numbers.weights));
            assertThat(found.result.logProbs()).containsExactly(logProbs, within(1e-6f));
            assertThat(found.hiddenGradient)
                    .containsExactly(
                            Objects.requireNonNull(Tensors.gradient(states)).toFloatArray(), within(1e-6f));
            assertThat(found.headGradient)
                    .containsExactly(
                            Objects.requireNonNull(Tensors.gradient(weight)).toFloatArray(), within(1e-6f));
        }
    }

    @Test
    void backward_throughRecomputedLayers_givesTheSameGradients() {
        try (LoadedGolden kept = LoadedGolden.trainable(Dtype.FLOAT32);
                LoadedGolden recomputed = LoadedGolden.trainable(Dtype.FLOAT32);
                LoadedGolden base = LoadedGolden.frozen("model-a-perturbed")) {
            double[] expected = train(kept, base, KlDirection.FORWARD, 4, false);
            assertThat(train(recomputed, base, KlDirection.FORWARD, 4, true)).containsExactly(expected, within(1e-6));
            Map<String, float[]> reference = gradients(kept);
            gradients(recomputed).forEach((name, gradient) -> {
                float[] exact = Objects.requireNonNull(reference.get(name));
                float largest = 0;
                for (float entry : exact) {
                    largest = Math.max(largest, Math.abs(entry));
                }
                assertThat(gradient).as(name).containsExactly(exact, within(1e-5f * largest));
            });
        }
    }

    /// As for the cross-entropy (`GoldenGradientTest`): a wrong cast does not throw, it cuts the graph.
    @ParameterizedTest
    @EnumSource
    void backward_inBfloat16_reachesEveryParameterAsInFloat32(KlDirection direction) {
        try (LoadedGolden bfloat16 = LoadedGolden.trainable(Dtype.BFLOAT16);
                LoadedGolden float32 = LoadedGolden.trainable(Dtype.FLOAT32);
                LoadedGolden base = LoadedGolden.frozen("model-a-perturbed")) {
            double[] found = train(bfloat16, base, direction, 4, true);
            double[] expected = train(float32, base, direction, 4, false);
            assertThat(found).containsExactly(expected, within(0.05));
            Map<String, float[]> reference = gradients(float32);
            gradients(bfloat16).forEach((name, gradient) -> {
                float[] exact = Objects.requireNonNull(reference.get(name));
                double cosine = dot(gradient, exact) / Math.sqrt(dot(gradient, gradient) * dot(exact, exact));
                assertThat(cosine).as(name).isGreaterThan(0.99);
                assertThat(dot(gradient, gradient) / dot(exact, exact)).as(name).isCloseTo(1, within(0.1));
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
}
