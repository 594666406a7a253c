package dev.razor.eval.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlMeter;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class KlEvaluatorTest {

    private static final Progress SILENT = Progress.silent();

    /// Prompts whose completions are listed one by one.
    private static final int PROMPTS = 12;

    private static PretrainedModel golden(String name) {
        return PretrainedModel.load(Golden.directory().resolve(name), LoadOptions.frozen("cpu", "float32"));
    }

    private static List<KlSequence> goldenSequences() {
        List<KlSequence> sequences = new ArrayList<>();
        for (JsonNode one : Golden.json("divergence.json").path("sequences")) {
            sequences.add(new KlSequence(
                    sequences.size(),
                    Golden.ids(one.path("prompt_ids")),
                    Golden.ids(one.path("completion_ids")),
                    false));
        }
        return sequences;
    }

    @Test
    void given_matchesTheReference() {
        JsonNode reference = Golden.json("divergence.json");
        try (PretrainedModel base = golden("model-a");
                PretrainedModel model = golden("model-a-perturbed")) {
            KlResult found = new KlEvaluator(base, model, 3).given(goldenSequences(), 1, SILENT);
            for (int i = 0; i < found.sequences().size(); i++) {
                SequenceDivergence one = found.sequences().get(i);
                JsonNode sums = reference.path("sequences").get(i).path("sum_over_completion_positions");
                assertThat(one.forwardKl()).isCloseTo(sums.path("forward_kl").asDouble(), within(1e-3));
                assertThat(one.reverseKl()).isCloseTo(sums.path("reverse_kl").asDouble(), within(1e-3));
                assertThat(one.totalVariation())
                        .isCloseTo(sums.path("total_variation").asDouble(), within(1e-3));
                assertThat(one.l2()).isCloseTo(sums.path("l2").asDouble(), within(1e-3));
            }
            check(found.forwardKl(), reference, "forward_kl");
            check(found.reverseKl(), reference, "reverse_kl");
            check(found.totalVariation(), reference, "total_variation");
            check(found.l2(), reference, "l2");
            assertThat(found.forwardKlSampled()).isNull();
            assertThat(found.fromModel()).isEmpty();
        }
    }

    private static void check(Quantity found, JsonNode reference, String name) {
        JsonNode aggregate = reference.path("aggregate");
        assertThat(found.perToken().mean())
                .isCloseTo(
                        aggregate.path("mean_per_completion_token").path(name).asDouble(), within(1e-4));
        assertThat(found.perSequence().mean())
                .isCloseTo(aggregate.path("mean_per_sequence_sum").path(name).asDouble(), within(1e-3));
        assertThat(found.perSequence().mean())
                .isBetween(
                        found.perSequence().ci95().low(),
                        found.perSequence().ci95().high());
    }

    @Test
    void aModelAndItself_lieZeroApart_givenAndSampled() {
        try (PretrainedModel base = golden("model-a");
                PretrainedModel same = golden("model-a")) {
            var evaluator = new KlEvaluator(base, same, 3);
            KlResult given = evaluator.given(goldenSequences(), 1, SILENT);
            List<int[]> prompts =
                    goldenSequences().stream().map(KlSequence::promptIds).toList();
            var plan = new SamplingPlan(prompts, 2, 6, new int[] {748}, 5, 3);
            KlResult sampled = evaluator.sampled(BaseSamples.draw(base, plan, SILENT), SILENT);
            for (KlResult result : List.of(given, sampled)) {
                for (Quantity quantity : List.of(
                        result.forwardKl(),
                        result.reverseKl(),
                        result.totalVariation(),
                        result.l2(),
                        result.jensenShannon())) {
                    assertThat(quantity.perSequence().mean()).isZero();
                    assertThat(quantity.perToken().ci95().high()).isZero();
                }
            }
            assertThat(Objects.requireNonNull(sampled.forwardKlSampled())
                            .perSequence()
                            .mean())
                    .isZero();
            assertThat(Objects.requireNonNull(sampled.forwardKlK3()).perToken().mean())
                    .isZero();
            assertThat(Objects.requireNonNull(sampled.reverseKlSampled())
                            .perSequence()
                            .mean())
                    .isZero();
        }
    }

    /// The whole distribution over completions of up to three tokens: 1 + 5 + 25 x 6 of them.
    private static List<KlSequence> allCompletions(int prompt, int[] promptIds) {
        List<KlSequence> all = new ArrayList<>();
        for (int a = 0; a < TinyModels.VOCABULARY; a++) {
            for (int b = 0; b < (a == TinyModels.STOP ? 1 : TinyModels.VOCABULARY); b++) {
                for (int c = 0; c < (a == TinyModels.STOP || b == TinyModels.STOP ? 1 : TinyModels.VOCABULARY); c++) {
                    int length = a == TinyModels.STOP ? 1 : b == TinyModels.STOP ? 2 : 3;
                    int[] ids = IntStream.of(a, b, c).limit(length).toArray();
                    all.add(new KlSequence(prompt, promptIds, ids, false));
                }
            }
        }
        return all;
    }

    private static List<int[]> tinyPrompts() {
        return IntStream.range(0, PROMPTS)
                .mapToObj(i -> new int[] {i % 5, i / 5})
                .toList();
    }

    @Test
    void sampled_agreesWithTheEnumeratedDivergence_insideItsInterval() {
        try (PretrainedModel base = TinyModels.random(1);
                PretrainedModel model = TinyModels.random(2)) {
            var evaluator = new KlEvaluator(base, model, 256);
            List<int[]> prompts = tinyPrompts();
            List<KlSequence> all = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                all.addAll(allCompletions(i, prompts.get(i)));
            }
            assertThat(all).hasSize(PROMPTS * 156);
            List<SequenceDivergence> measured = evaluator.measure(all, "", SILENT);
            assertThat(expected(measured, SequenceDivergence::baseLogProb, _ -> 1))
                    .isCloseTo(1, within(1e-5));
            double forward = expected(measured, SequenceDivergence::baseLogProb, SequenceDivergence::forwardKl);
            double plain =
                    expected(measured, SequenceDivergence::baseLogProb, one -> one.baseLogProb() - one.modelLogProb());
            double reverse = expected(measured, SequenceDivergence::modelLogProb, SequenceDivergence::reverseKl);
            assertThat(forward).isGreaterThan(0.1).isCloseTo(plain, within(1e-5));
            assertThat(expected(measured, SequenceDivergence::baseLogProb, SequenceDivergence::forwardKlK3))
                    .isCloseTo(forward, within(1e-5));
            assertThat(expected(measured, SequenceDivergence::modelLogProb, SequenceDivergence::reverseKlK3))
                    .isCloseTo(reverse, within(1e-5));

            int forwardInside = 0;
            int plainInside = 0;
            int reverseInside = 0;
            for (int seed = 0; seed < 100; seed++) {
                var plan = new SamplingPlan(prompts, 2, 3, new int[] {TinyModels.STOP}, seed, 64);
                List<SequenceDivergence> fromBase =
                        evaluator.measure(BaseSamples.draw(base, plan, SILENT).sequences(), "", SILENT);
                List<SequenceDivergence> fromModel =
                        evaluator.measure(plan.draw(model.model(), model.manager(), 1, "", SILENT), "", SILENT);
                forwardInside += inside(fromBase, SequenceDivergence::forwardKl, seed, forward);
                plainInside += inside(fromBase, one -> one.baseLogProb() - one.modelLogProb(), seed, plain);
                reverseInside += inside(fromModel, SequenceDivergence::reverseKl, seed, reverse);
            }
            assertThat(forwardInside).isGreaterThanOrEqualTo(90);
            assertThat(plainInside).isGreaterThanOrEqualTo(90);
            assertThat(reverseInside).isGreaterThanOrEqualTo(90);
        }
    }

    private static double expected(
            List<SequenceDivergence> all,
            ToDoubleFunction<SequenceDivergence> logProb,
            ToDoubleFunction<SequenceDivergence> value) {
        return all.stream()
                        .mapToDouble(one -> Math.exp(logProb.applyAsDouble(one)) * value.applyAsDouble(one))
                        .sum()
                / PROMPTS;
    }

    private static int inside(
            List<SequenceDivergence> drawn, ToDoubleFunction<SequenceDivergence> value, long seed, double exact) {
        Quantity.Estimate found = Quantity.of(drawn, value, seed).perSequence();
        return found.ci95().low() <= exact && exact <= found.ci95().high() ? 1 : 0;
    }

    /// The other model adds `d = delta . h` to the logit of token r alone. With p_r its probability under the
    /// base model
    ///
    ///     KL(p || q) = log(1 - p_r + p_r e^d) - p_r d
    @Test
    void given_aChangedHeadRow_hasTheAnalyticDivergence() {
        int row = 3;
        try (PretrainedModel base = TinyModels.random(4);
                PretrainedModel model = TinyModels.random(4)) {
            float[] delta = {0.3f, -0.2f, 0.5f, 0.1f, -0.4f, 0.2f, 0.6f, -0.1f};
            float[] hidden;
            float[] weights;
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                NDArray head = Objects.requireNonNull(model.parameters().get("lm_head.weight"));
                weights = head.toFloatArray();
                float[] changed = weights.clone();
                for (int i = 0; i < delta.length; i++) {
                    changed[row * delta.length + i] += delta[i];
                }
                Aten.copyInPlace(head, model.manager().create(changed, head.getShape()));
                NDArray prompt = base.manager().create(new long[] {1, 2}, new Shape(1, 2));
                hidden = base.model()
                        .hidden(prompt, new AttentionContext.Causal())
                        .get(0)
                        .get(1)
                        .toFloatArray();
            }
            double sum = 0;
            double ofRow = 0;
            double d = 0;
            for (int v = 0; v < TinyModels.VOCABULARY; v++) {
                double logit = 0;
                for (int i = 0; i < hidden.length; i++) {
                    logit += (double) hidden[i] * weights[v * hidden.length + i];
                    d += v == row ? (double) hidden[i] * delta[i] : 0;
                }
                sum += Math.exp(logit);
                ofRow = v == row ? Math.exp(logit) : ofRow;
            }
            double p = ofRow / sum;
            double expected = Math.log(1 - p + p * Math.exp(d)) - p * d;
            KlResult found = new KlEvaluator(base, model, 1)
                    .given(List.of(new KlSequence(0, new int[] {1, 2}, new int[] {0}, false)), 1, SILENT);
            assertThat(expected).isGreaterThan(1e-3);
            assertThat(found.forwardKl().perToken().mean()).isCloseTo(expected, within(1e-6));
        }
    }

    /// A run that watches its forward KL sees what a study will measure of its checkpoints, to the bit.
    @Test
    void sampled_hasTheForwardKlOfTheMeterForTraining() {
        try (PretrainedModel base = golden("model-a");
                PretrainedModel model = golden("model-a-perturbed")) {
            List<int[]> prompts =
                    goldenSequences().stream().map(KlSequence::promptIds).toList();
            var plan = new SamplingPlan(prompts, 2, 5, new int[] {748}, 3, 4);
            BaseSamples samples = BaseSamples.draw(base, plan, SILENT);
            double metered = new KlMeter(samples).forwardKl(base.model(), model.model(), model.manager(), SILENT);
            KlResult studied = new KlEvaluator(base, model, 4).sampled(samples, SILENT);
            assertThat(metered)
                    .isEqualTo(studied.forwardKl().perSequence().mean())
                    .isPositive();
        }
    }

    @Test
    void sampled_doesNotDependOnTheBatchSize() {
        try (PretrainedModel base = golden("model-a");
                PretrainedModel model = golden("model-a-perturbed")) {
            KlResult one = sampled(base, model, 1);
            KlResult many = sampled(base, model, 7);
            assertThat(many.forwardKl().perToken().mean())
                    .isCloseTo(one.forwardKl().perToken().mean(), within(1e-5));
            assertThat(many.forwardKl().perSequence().ci95().low())
                    .isCloseTo(one.forwardKl().perSequence().ci95().low(), within(1e-4));
            assertThat(many.reverseKl().perSequence().ci95().high())
                    .isCloseTo(one.reverseKl().perSequence().ci95().high(), within(1e-4));
        }
    }

    private static KlResult sampled(PretrainedModel base, PretrainedModel model, int batchSize) {
        List<int[]> prompts =
                goldenSequences().stream().map(KlSequence::promptIds).toList();
        var plan = new SamplingPlan(prompts, 2, 5, new int[] {748}, 3, batchSize);
        return new KlEvaluator(base, model, batchSize).sampled(BaseSamples.draw(base, plan, SILENT), SILENT);
    }

    @Test
    void draw_isUntruncated_stopsAtTheStopToken_andCountsIt() {
        try (PretrainedModel base = TinyModels.random(1)) {
            var plan = new SamplingPlan(tinyPrompts(), 10, 3, new int[] {TinyModels.STOP}, 1, 64);
            List<KlSequence> drawn = BaseSamples.draw(base, plan, SILENT).sequences();
            assertThat(drawn).hasSize(10 * PROMPTS);
            assertThat(drawn.stream().map(KlSequence::prompt).toList())
                    .isEqualTo(IntStream.range(0, 10 * PROMPTS)
                            .map(i -> i / 10)
                            .boxed()
                            .toList());
            for (KlSequence one : drawn) {
                int last = one.completionIds()[one.completionIds().length - 1];
                assertThat(one.truncated()).isEqualTo(last != TinyModels.STOP);
                assertThat(one.completionIds().length == 3 || last == TinyModels.STOP)
                        .isTrue();
            }
            assertThat(drawn.stream().map(one -> one.completionIds()[0]).distinct())
                    .hasSize(TinyModels.VOCABULARY);
            assertThat(drawn.stream().anyMatch(KlSequence::truncated)).isTrue();
        }
    }

    @Test
    void measure_leavesNoTensorsBehind() {
        try (PretrainedModel base = TinyModels.random(1);
                PretrainedModel model = TinyModels.random(2)) {
            var evaluator = new KlEvaluator(base, model, 8);
            List<KlSequence> sequences = allCompletions(0, new int[] {1, 2});
            evaluator.measure(sequences, "", SILENT);
            int before = live(base) + live(model);
            evaluator.measure(sequences, "", SILENT);
            assertThat(live(base) + live(model)).isEqualTo(before);
        }
    }

    private static int live(PretrainedModel model) {
        return model.manager().getManagedArrays().size();
    }

    @Test
    void new_refusesModelsOfOtherVocabularySizes() {
        try (PretrainedModel base = TinyModels.random(6, 1);
                PretrainedModel model = TinyModels.random(7, 1)) {
            assertThatThrownBy(() -> new KlEvaluator(base, model, 1))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("vocab_size is 7, but that of nowhere is 6");
        }
    }

    @Test
    void new_refusesModelsWhoseTokensMeanOtherThings(@TempDir Path directory) throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer_config.json")) {
            Files.copy(Golden.model().resolve(file), directory.resolve(file));
        }
        Path tokenizer = directory.resolve("tokenizer.json");
        String text = Files.readString(Golden.model().resolve("tokenizer.json"));
        LoadOptions options = LoadOptions.frozen("cpu", "float32");
        try (PretrainedModel base = golden("model-a");
                PretrainedModel model = PretrainedModel.load(directory, options)) {
            // laid out anew, with the same tokens: fine
            Files.writeString(tokenizer, text.replace("\n", "\n "));
            assertThat(new KlEvaluator(base, model, 1)).isNotNull();
            Files.writeString(tokenizer, text.replace("<|im_start|>", "<|start|>"));
            assertThatThrownBy(() -> new KlEvaluator(base, model, 1))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(
                            "%s: token 747 is '<|start|>', but in %s it is '<|im_start|>'; only models whose tokens mean the same can be compared, or teach each other",
                            tokenizer, Golden.model().resolve("tokenizer.json"));
        }
    }
}
