package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DigitListsTest {

    @Test
    void answers_areCopiesOrReversals() {
        World.skill("lists").questions().forEach(question -> assertRight(World.line(question)));
    }

    @Test
    void documents_areRight() {
        World.documents("lists", 20_000).forEach(DigitListsTest::assertRight);
    }

    @Test
    void choices_areOrdersOfTheSameDigits() {
        for (Question question : World.skill("lists").questions()) {
            for (String choice : question.choices()) {
                assertThat(World.numbers(choice))
                        .as(question.query())
                        .containsExactlyInAnyOrderElementsOf(World.numbers(question.query()));
            }
        }
    }

    @Test
    void heldOutLists_neverOccur() {
        Set<List<Integer>> taught = World.documents("lists", 50_000).stream()
                .map(document -> World.numbers(document).subList(0, 4))
                .collect(Collectors.toSet());
        for (Question question : World.skill("lists").questions()) {
            assertThat(taught.contains(World.numbers(question.query())))
                    .as(question.query())
                    .isFalse();
        }
    }

    private static void assertRight(String line) {
        List<Integer> numbers = World.numbers(line);
        assertThat(numbers).as(line).hasSize(8);
        List<Integer> shown = numbers.subList(0, 4);
        boolean isBackwards = line.contains("everse") || line.contains("backwards");
        assertThat(numbers.subList(4, 8)).as(line).isEqualTo(isBackwards ? shown.reversed() : shown);
    }
}
