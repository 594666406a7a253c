package dev.razor.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.loss.Divergences;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.optim.AdamW;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.optim.Updater;
import dev.razor.core.testing.LoadedGolden;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a piece of work makes, it frees: as many native arrays live after it as before.
final class LeakTest {

    private static final List<TokenSequence> SEQUENCES = List.of(
            TokenSequence.of(new int[] {5, 17, 300}, new int[] {42, 7}),
            TokenSequence.of(new int[] {9}, new int[] {8, 7, 6, 5}));

    private static int live(LoadedGolden golden) {
        return golden.manager().getManagedArrays().size();
    }

    /// Runs `work` once for what is kept for good, then three times more.
    private static void assertNothingIsKept(LoadedGolden golden, Runnable work) {
        work.run();
        int before = live(golden);
        IntStream.range(0, 3).forEach(_ -> work.run());
        assertThat(live(golden)).isEqualTo(before);
    }

    @Test
    void loading_keepsTheParametersAndTheRopeTablesAlone() {
        try (LoadedGolden golden = LoadedGolden.trainable(Dtype.FLOAT32)) {
            assertThat(live(golden)).isEqualTo(golden.parameters().size() + 2);
        }
    }

    @Test
    void aForwardPass_leavesNothing() {
        try (LoadedGolden golden = LoadedGolden.frozen("model-a")) {
            assertNothingIsKept(golden, () -> {
                int before = live(golden);
                try (NDScope _ = new NDScope();
                        GradMode _ = GradMode.off()) {
                    NDArray ids = golden.manager().create(new long[] {1, 2, 3}, new Shape(1, 3));
                    golden.model().hidden(ids, new AttentionContext.Causal());
                    assertThat(live(golden)).as("this test can fail").isGreaterThan(before);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"FLOAT32", "BFLOAT16"})
    void aTrainingStep_leavesNothing(Dtype dtype) {
        try (LoadedGolden golden = LoadedGolden.trainable(dtype)) {
            int before = live(golden);
            var schedule = new LearningRateSchedule(SchedulerType.CONSTANT, 1e-3, 0, 10, 0);
            try (Updater updater =
                    new Updater(golden.parameters(), new AdamW.Settings(0.9, 0.999, 1e-8, 0.1), schedule, 1)) {
                assertNothingIsKept(golden, () -> trainStep(golden, updater));
            }
            assertThat(live(golden)).as("the optimiser's state is gone too").isEqualTo(before);
        }
    }

    private static void trainStep(LoadedGolden golden, Updater updater) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            TokenBatch batch = TokenBatch.of(SEQUENCES);
            float[] weights = new float[batch.predictions()];
            Arrays.fill(weights, -1f / weights.length);
            new TokenLogProbs(golden.model().head(), 1, 4)
                    .backward(batch.forward(golden.model(), golden.manager(), false), batch.targets(), weights);
        }
        updater.update(1, 1);
    }

    @Test
    void generating_leavesNothing() {
        try (LoadedGolden golden = LoadedGolden.frozen("model-a")) {
            var generator = new Generator(golden.model(), golden.manager(), 3);
            List<Prompt> prompts = List.of(
                    new Prompt(new int[] {1, 2, 3}, 1),
                    new Prompt(new int[] {1, 2, 3}, 2),
                    new Prompt(new int[] {4}, 3),
                    new Prompt(new int[] {5, 6}, 4));
            var sampled = new SamplingOptions(5, 0.7, 0.9, 10, new int[] {3});
            assertNothingIsKept(golden, () -> generator.complete(prompts, sampled));
            assertNothingIsKept(golden, () -> generator.complete(prompts, SamplingOptions.greedy(5)));
        }
    }

    @Test
    void scoringAndComparing_leaveNothing() {
        try (LoadedGolden golden = LoadedGolden.frozen("model-a")) {
            var scorer = new SequenceScorer(golden.model(), golden.manager(), 0.7, 2);
            assertNothingIsKept(golden, () -> scorer.score(SEQUENCES, true));
            NDManager manager = golden.manager();
            NDArray hidden = manager.ones(new Shape(3, 64));
            assertNothingIsKept(
                    golden,
                    () -> Divergences.between(
                            hidden,
                            golden.model().head(),
                            hidden,
                            golden.model().head()));
        }
    }

    @Test
    void generatingThatFails_leavesNothing() {
        try (LoadedGolden golden = LoadedGolden.frozen("model-a")) {
            var generator = new Generator(golden.model(), golden.manager(), 3);
            List<Prompt> prompts = List.of(
                    new Prompt(new int[] {1}, 0),
                    new Prompt(new int[golden.model().contextLength()], 1));
            assertNothingIsKept(
                    golden,
                    () -> assertThatThrownBy(() -> generator.complete(prompts, SamplingOptions.greedy(2)))
                            .isInstanceOf(IllegalArgumentException.class));
            List<Prompt> unknown = List.of(new Prompt(new int[] {1, 784}, 0));
            assertNothingIsKept(
                    golden,
                    () -> assertThatThrownBy(() -> generator.complete(unknown, SamplingOptions.greedy(2)))
                            .isInstanceOf(RuntimeException.class));
        }
    }
}
