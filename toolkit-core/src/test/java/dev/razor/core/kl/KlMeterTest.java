package dev.razor.core.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.loss.Divergences;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.testing.LoadedGolden;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// That the meter has the number of a study's measurement is tested where that is (`KlEvaluatorTest`).
final class KlMeterTest {

    private static final LoadedGolden BASE = LoadedGolden.frozen("model-a");
    private static final LoadedGolden MODEL = LoadedGolden.frozen("model-a-perturbed");

    @AfterAll
    static void close() {
        BASE.close();
        MODEL.close();
    }

    private static KlMeter meter(int batchSize) {
        List<int[]> prompts = List.of(new int[] {5, 17, 300}, new int[] {42}, new int[] {8, 9, 10, 11, 12});
        var plan = new SamplingPlan(prompts, 3, 6, new int[] {748, 746}, 1, batchSize);
        return new KlMeter(BaseSamples.draw(BASE.model(), BASE.manager(), plan, Progress.silent()));
    }

    private static double forwardKl(KlMeter meter, LoadedGolden model) {
        return meter.forwardKl(BASE.model(), model.model(), model.manager(), Progress.silent());
    }

    /// The mean over completions of the sum over positions, one completion at a time.
    @Test
    void forwardKl_isTheMeanOfTheSequencesDivergences() {
        KlMeter meter = meter(2);
        double sum = 0;
        for (KlSequence sequence : meter.samples().sequences()) {
            int[] ids = sequence.tokens().ids();
            int first = sequence.promptIds().length - 1;
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                double[] positions = Divergences.between(
                                hidden(BASE, ids),
                                BASE.model().head(),
                                hidden(MODEL, ids),
                                MODEL.model().head())
                        .forwardKl();
                sum += Arrays.stream(positions, first, ids.length - 1).sum();
            }
        }
        assertThat(forwardKl(meter, MODEL))
                .isCloseTo(sum / meter.samples().sequences().size(), within(1e-6))
                .isGreaterThan(0.01);
    }

    private static NDArray hidden(LoadedGolden golden, int[] ids) {
        CausalLm model = golden.model();
        NDManager manager = golden.manager();
        NDArray tokens = manager.create(Arrays.stream(ids).asLongStream().toArray(), new Shape(1, ids.length));
        return model.hidden(tokens, new AttentionContext.Causal()).reshape(ids.length, -1);
    }

    @Test
    void forwardKl_ofTheBaseItself_isZeroExactly() {
        assertThat(forwardKl(meter(4), BASE)).isZero();
    }

    @Test
    void forwardKl_doesNotDependOnTheBatchSize() {
        double expected = forwardKl(meter(64), MODEL);
        for (int batchSize : new int[] {1, 4}) {
            assertThat(forwardKl(meter(batchSize), MODEL)).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void forwardKl_leavesNoArraysBehind() {
        KlMeter meter = meter(4);
        forwardKl(meter, MODEL);
        int before = MODEL.manager().getManagedArrays().size()
                + BASE.manager().getManagedArrays().size();
        forwardKl(meter, MODEL);
        assertThat(MODEL.manager().getManagedArrays().size()
                        + BASE.manager().getManagedArrays().size())
                .isEqualTo(before);
    }
}
