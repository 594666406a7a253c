package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.optim.SchedulerType;
import org.junit.jupiter.api.Test;

final class TrainingTest {

    @Test
    void batch_isNoLargerThanAllImages() {
        Training training = training(Integer.MAX_VALUE);

        assertThat(training.batchSize()).isEqualTo(100);
        assertThat(training.stepsPerEpoch()).isEqualTo(1);
        assertThat(training.steps()).isEqualTo(2);
    }

    @Test
    void measured_isEveryShareOfAnEpoch_andAtMostEveryStep() {
        assertThat(training(16).stepsPerEpoch()).isEqualTo(7);
        assertThat(training(16).measured(0.5)).containsExactly(4, 7, 11, 14);
        assertThat(training(50).measured(1e-3)).containsExactly(1, 2, 3, 4);
        assertThat(training(50).measured(9)).containsExactly(4);
    }

    private static Training training(int batchSize) {
        return new Training(100, batchSize, 2, 1e-3, SchedulerType.CONSTANT, 0, 1);
    }
}
