package dev.razor.sft.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

final class RetryDelayTest {

    private static final Duration NOTHING = Duration.ZERO;

    @Test
    void length_doublesUpToItsBound() {
        RetryDelay delay = RetryDelay.STANDARD;
        // 1 s * 2^3 * 0.75
        assertThat(delay.length(3, NOTHING, 0.75)).isEqualTo(Duration.ofSeconds(6));
        assertThat(delay.length(0, NOTHING, 0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(delay.length(6, NOTHING, 1)).isEqualTo(Duration.ofSeconds(60));
        assertThat(delay.length(99, NOTHING, 0.5)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void length_isAtLeastWhatTheServerAsks_upToItsBound() {
        RetryDelay delay = RetryDelay.STANDARD;
        assertThat(delay.length(0, Duration.ofSeconds(7), 0.5)).isEqualTo(Duration.ofSeconds(7));
        assertThat(delay.length(5, Duration.ofSeconds(7), 0.5)).isEqualTo(Duration.ofSeconds(16));
        assertThat(delay.length(0, Duration.ofDays(1), 0.5)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void asked_readsSecondsAndDates() {
        assertThat(RetryDelay.asked(" 20 ")).isEqualTo(Duration.ofSeconds(20));
        assertThat(RetryDelay.asked("1.5")).isEqualTo(Duration.ofMillis(1500));
        String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
        assertThat(RetryDelay.asked(soon)).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
        String past = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusSeconds(60));
        assertThat(RetryDelay.asked(past)).isEqualTo(NOTHING);
        assertThat(RetryDelay.asked("")).isEqualTo(NOTHING);
        assertThat(RetryDelay.asked("-5")).isEqualTo(NOTHING);
        assertThat(RetryDelay.asked("soon")).isEqualTo(NOTHING);
    }
}
