package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void answers_areExtremes() {
        for (Question question : World.skill("comparison").questions()) {
            assertThat(Integer.parseInt(question.answer()))
                    .as(question.query())
                    .isEqualTo(extreme(question.query(), World.numbers(question.query())));
        }
    }

    @Test
    void documents_areRight() {
        for (String document : World.documents("comparison", 20_000)) {
            List<Integer> numbers = World.numbers(document);
            assertThat(numbers).as(document).hasSize(5);
            assertThat(numbers.getLast()).as(document).isEqualTo(extreme(document, numbers.subList(0, 4)));
        }
    }

    @Test
    void choices_areTheNumbersOfTheQuery() {
        for (Question question : World.skill("comparison").questions()) {
            assertThat(question.choices().stream().map(Integer::parseInt).toList())
                    .containsExactlyInAnyOrderElementsOf(World.numbers(question.query()));
        }
    }

    @Test
    void heldOutSets_neverOccurInAnyOrder() {
        Set<List<Integer>> taught = World.documents("comparison", 100_000).stream()
                .map(document -> sorted(World.numbers(document).subList(0, 4)))
                .collect(Collectors.toSet());
        for (Question question : World.skill("comparison").questions()) {
            assertThat(taught.contains(sorted(World.numbers(question.query()))))
                    .as(question.query())
                    .isFalse();
        }
    }

    private static int extreme(String text, List<Integer> numbers) {
        boolean isLargest = text.contains("argest") || text.contains("biggest");
        return isLargest ? Collections.max(numbers) : Collections.min(numbers);
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        return numbers.stream().sorted().toList();
    }
}
