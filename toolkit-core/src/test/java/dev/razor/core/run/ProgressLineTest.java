package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    @Test
    void text_tellsDoneDetailAndTimeLeft() {
        assertThat(ProgressLine.text("step", 12, 100, "loss 1.234", Duration.ofSeconds(70)))
                .isEqualTo("step 12/100  loss 1.234  ETA 0:01:10");
    }

    @Test
    void text_leavesOutWhatIsUnknown() {
        assertThat(ProgressLine.text("reading", 12, 0, "", null)).isEqualTo("reading 12");
        assertThat(ProgressLine.text("step", 0, 100, "", null)).isEqualTo("step 0/100");
        assertThat(ProgressLine.text("step", 0, 100, "", Duration.ZERO)).isEqualTo("step 0/100");
        assertThat(ProgressLine.text("step", 100, 100, "", Duration.ZERO)).isEqualTo("step 100/100");
    }

    @Test
    void training_tellsLossAndSpeed() {
        assertThat(ProgressLine.training(1.23456, 12_345.6, OptionalDouble.empty()))
                .isEqualTo("loss 1.2346  12,346 tokens/s");
        assertThat(ProgressLine.training(Double.NaN, 0.4, OptionalDouble.of(0.4123)))
                .isEqualTo("loss NaN  0 tokens/s  MFU 41.2 %");
        assertThat(ProgressLine.text(
                        "step", 12, 100, ProgressLine.training(1, 500, OptionalDouble.empty()), Duration.ofSeconds(70)))
                .isEqualTo("step 12/100  loss 1.0000  500 tokens/s  ETA 0:01:10");
    }

    @Test
    void left_extrapolates() {
        // 20 steps took 10 s, so the other 80 take 40 s
        assertThat(ProgressLine.left(0, 20, 100, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void left_countsFromWhereAResumedRunStarted() {
        // 10 steps took 10 s, so the other 30 take 30 s
        assertThat(ProgressLine.left(60, 70, 100, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void left_isUnknownBeforeTheFirstStepAndWithoutATotal() {
        assertThat(ProgressLine.left(0, 0, 100, Duration.ofSeconds(1))).isNull();
        assertThat(ProgressLine.left(5, 5, 100, Duration.ofSeconds(1))).isNull();
        assertThat(ProgressLine.left(0, 5, 0, Duration.ofSeconds(1))).isNull();
        assertThat(ProgressLine.left(0, 5, 100, Duration.ZERO)).isNull();
    }

    @Test
    void units_areFullWithTheLastByteAlone() {
        assertThat(ProgressLine.units(3_527_500, 3_527_500, 1000)).isEqualTo(3528);
        assertThat(ProgressLine.units(3_527_499, 3_527_500, 1000)).isEqualTo(3527);
        assertThat(ProgressLine.units(1, 3_527_500, 1000)).isEqualTo(1);
        assertThat(ProgressLine.units(0, 3_527_500, 1000)).isZero();
        assertThat(ProgressLine.units(2_999, 3_000, 1000)).isEqualTo(2);
        assertThat(ProgressLine.units(8, 9, 1000)).isZero();
        assertThat(ProgressLine.units(9, 9, 1000)).isEqualTo(1);
        assertThat(ProgressLine.units(1_500, 0, 1000)).isEqualTo(2);
    }

    @Test
    void clock_roundsUpToSeconds() {
        assertThat(ProgressLine.clock(Duration.ZERO)).isEqualTo("0:00:00");
        assertThat(ProgressLine.clock(Duration.ofMillis(1))).isEqualTo("0:00:01");
        assertThat(ProgressLine.clock(Duration.ofSeconds(3599))).isEqualTo("0:59:59");
        assertThat(ProgressLine.clock(Duration.ofHours(100))).isEqualTo("100:00:00");
    }

    @Test
    void silent_takesEverything() {
        Progress.silent().update("step", 1, 2, "");
    }
}
