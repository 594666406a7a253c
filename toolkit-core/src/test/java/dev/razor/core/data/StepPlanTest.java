package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepPlanTest {

    private static List<Integer> epoch(StepPlan plan, int epoch) {
        List<Integer> order = new ArrayList<>();
        for (int step = 0; step < plan.stepsPerEpoch(); step++) {
            for (int[] batch : plan.microBatches(epoch * plan.stepsPerEpoch() + step)) {
                for (int index : batch) {
                    order.add(index);
                }
            }
        }
        return order;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "10, 3, 1", "10, 3, 2", "12, 3, 2", "7, 100, 3", "100, 7, 4", "5, 1, 5"})
    void microBatches_takeEveryExampleOnceAnEpoch_inAnOrderThatChanges(int examples, int batchSize, int accumulation) {
        var plan = new StepPlan(examples, batchSize, accumulation, 7);
        List<Integer> all = IntStream.range(0, examples).boxed().toList();
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(epoch(plan, epoch)).containsExactlyInAnyOrderElementsOf(all);
        }
        if (examples >= 10) {
            assertThat(epoch(plan, 0)).isNotEqualTo(all).isNotEqualTo(epoch(plan, 1));
        }
    }

    /// 10 examples in micro-batches of 3 are 3, 3, 3, 1; two a step.
    @Test
    void microBatches_theLastOfAnEpoch_mayBeSmallerAndFewer() {
        var plan = new StepPlan(10, 3, 2, 1);
        assertThat(plan.stepsPerEpoch()).isEqualTo(2);
        assertThat(plan.microBatches(0)).extracting(batch -> batch.length).containsExactly(3, 3);
        assertThat(plan.microBatches(1)).extracting(batch -> batch.length).containsExactly(3, 1);
        assertThat(new StepPlan(10, 3, 3, 1).microBatches(1))
                .extracting(batch -> batch.length)
                .containsExactly(1);
    }

    @Test
    void microBatches_ofAStep_doNotDependOnWhatWasAskedBefore_orOnTheirCut() {
        var plan = new StepPlan(20, 4, 2, 3);
        List<int[]> late = plan.microBatches(7);
        IntStream.range(0, 7).forEach(plan::microBatches);
        assertThat(plan.microBatches(7)).usingRecursiveComparison().isEqualTo(late);
        assertThat(epoch(new StepPlan(20, 1, 8, 3), 2)).isEqualTo(epoch(new StepPlan(20, 8, 1, 3), 2));
        assertThat(epoch(new StepPlan(20, 1, 8, 3), 2)).isNotEqualTo(epoch(new StepPlan(20, 1, 8, 4), 2));
    }

    @ParameterizedTest
    @CsvSource({"1, -1, 3", "2.0, -1, 6", "0.5, -1, 2", "1.1, -1, 4", "3, 5, 5"})
    void totalSteps_roundsUp_andMaxStepsWins(double epochs, int maxSteps, int expected) {
        assertThat(new StepPlan(10, 2, 2, 0).totalSteps(epochs, maxSteps)).isEqualTo(expected);
    }

    @Test
    void plan_ofNothing_isRefused() {
        assertThatThrownBy(() -> new StepPlan(0, 1, 1, 0)).hasMessage("there are no examples to train on");
    }
}
