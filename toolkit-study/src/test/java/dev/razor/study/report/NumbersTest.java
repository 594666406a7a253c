package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "1e-3, 1e-3",
        "3e-5, 3e-5",
        "0.00015, 1.5e-4",
        "1, 1e0",
        "0.00030000000000000003, 3e-4",
        "NaN, –",
        "0, 0"
    })
    void rate_isShort(double value, String text) {
        assertThat(Numbers.rate(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.12345, 0.123", "123456, 123000", "0.0000123, 1.23e-05", "-2.5, -2.50", "NaN, –", "0, 0"})
    void significant_keepsThreeDigits(double value, String text) {
        assertThat(Numbers.significant(value, 3)).isEqualTo(text);
    }

    @Test
    void hundredths_neverShowMinusZero() {
        assertThat(Numbers.hundredths(-0.0001)).isEqualTo("0.0");
        assertThat(Numbers.hundredths(-0.011)).isEqualTo("-1.1");
        assertThat(Numbers.hundredths(0.8766)).isEqualTo("87.7");
    }
}
