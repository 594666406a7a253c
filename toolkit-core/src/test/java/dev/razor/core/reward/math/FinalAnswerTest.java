package dev.razor.core.reward.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalAnswerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "so \\boxed{42}. | 42",
                "\\boxed{1} or rather \\boxed{2} | 2",
                "\\boxed{\\frac{1}{2}} | \\frac{1}{2}",
                "\\boxed{\\left\\{ 1, 2 \\right.} | \\left\\{ 1, 2 \\right.",
                "\\fbox{7} | 7",
                "\\boxed {7} | 7",
                "\\boxed{5} but then \\boxed{6 | 5",
                "\\boxed{\\boxed{5}} | 5",
                "it is 12 of 13 | 13",
                "It costs $1,234.50. | 1,234.50",
                "between 3-5 | 5",
                "minus: -5 | -5",
                "x = −5 | −5",
                "about .5 | .5",
                "3/4 of it | 3/4",
                "#### 10 | 10",
                "50% | 50%",
                "in 1,2,3 | 3",
                "12,345,678 | 12,345,678"
            })
    void of_isTheLastBoxElseTheLastNumber(String text, String answer) {
        assertThat(FinalAnswer.of(text)).isEqualTo(answer);
    }

    @Test
    void of_textWithoutAnswerIsNull() {
        assertThat(FinalAnswer.of("no idea")).isNull();
        assertThat(FinalAnswer.of("")).isNull();
        assertThat(FinalAnswer.of("\\boxed{")).isNull();
    }

    @Test
    void boxes_countsClosedBoxes() {
        assertThat(FinalAnswer.boxes("\\boxed{1} \\fbox{2} \\boxed{ {3}")).isEqualTo(2);
    }

    @Test
    void of_isLinearInTheText() {
        for (String part : new String[] {"\\boxed{", "{", "}", "1,", "\\", "1,234", "-", "."}) {
            String text = part.repeat(1_000_000 / part.length());
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> FinalAnswer.of(text));
        }
    }
}
