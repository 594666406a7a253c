package dev.razor.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class LearningRateScheduleTest {

    @Test
    void at_givesTheReferenceRates() {
        JsonNode run = Golden.json("adamw.json").path("runs").path("lr_starts_at_zero");
        var schedule = new LearningRateSchedule(SchedulerType.COSINE_WITH_MIN_LR, 1e-3, 2, 10, 0.1);
        JsonNode expected = run.path("lrs_of_all_10_steps");
        for (int step = 0; step < 10; step++) {
            assertThat(schedule.at(step)).isCloseTo(expected.get(step).asDouble(), within(1e-9));
        }
    }

    /// Peak 1, two steps of warm-up, six in all: progress is 0, 1/4, 1/2, 3/4 from step 2 on.
    @ParameterizedTest
    @CsvSource({
        "CONSTANT, 1, 1, 1, 1",
        "CONSTANT_WITH_WARMUP, 0, 0.5, 1, 1",
        "LINEAR, 0, 0.5, 1, 0.5",
        "COSINE, 0, 0.5, 1, 0.5",
        "COSINE_WITH_MIN_LR, 0, 0.5, 1, 0.6"
    })
    void at_matchesTheFormulaByHand(SchedulerType type, double s0, double s1, double s2, double s4) {
        var schedule = new LearningRateSchedule(type, 1, 2, 6, 0.2);
        assertThat(new double[] {schedule.at(0), schedule.at(1), schedule.at(2), schedule.at(4)})
                .containsExactly(new double[] {s0, s1, s2, s4}, within(1e-12));
    }
}
