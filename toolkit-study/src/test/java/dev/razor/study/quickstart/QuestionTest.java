package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionTest {

    @Test
    void withGoldAt_putsTheAnswerThere() {
        assertThat(Question.withGoldAt(2, "1 + 1 =", "2", List.of("1", "3", "4")))
                .isEqualTo(new Question("1 + 1 =", List.of("1", "3", "2", "4"), 2))
                .extracting(Question::answer)
                .isEqualTo("2");
    }

    @Test
    void repeatedChoice_isRefused() {
        assertThatThrownBy(() -> new Question("1 + 1 =", List.of("2", "2", "3", "4"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choices repeat");
    }

    @Test
    void goldOutsideTheChoices_isRefused() {
        assertThatThrownBy(() -> new Question("1 + 1 =", List.of("2", "1", "3", "4"), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 4");
    }

    @Test
    void goldPositions_useEachPositionEquallyOften() {
        List<Integer> positions = Question.goldPositions(40, new SplitMix64(1));
        assertThat(positions).hasSize(40);
        for (int position = 0; position < Question.CHOICES; position++) {
            assertThat(positions).filteredOn(Integer.valueOf(position)::equals).hasSize(10);
        }
    }
}
