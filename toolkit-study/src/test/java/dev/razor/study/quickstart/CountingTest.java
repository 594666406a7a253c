package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CountingTest {

    @Test
    void answers_continueTheSequence() {
        for (Question question : World.skill("counting").questions()) {
            assertStepIsConstant(World.line(question));
        }
    }

    @Test
    void documents_areSequences() {
        World.documents("counting", 20_000).forEach(CountingTest::assertStepIsConstant);
    }

    @Test
    void statedStep_isTheStep() {
        for (String document : World.documents("counting", 5_000)) {
            if (document.startsWith("Count")) {
                List<Integer> numbers = World.numbers(document);
                int step = numbers.get(2) - numbers.get(1);
                assertThat(step).as(document).isEqualTo(document.contains("down") ? -numbers.get(0) : numbers.get(0));
            }
        }
    }

    @Test
    void heldOutWindows_neverOccur() {
        Set<List<Integer>> taught = World.documents("counting", 50_000).stream()
                .map(CountingTest::window)
                .collect(Collectors.toSet());
        for (Question question : World.skill("counting").questions()) {
            assertThat(taught).doesNotContain(window(World.line(question)));
        }
    }

    private static void assertStepIsConstant(String line) {
        List<Integer> window = window(line);
        int step = window.get(1) - window.get(0);
        assertThat(window.get(2) - window.get(1)).as(line).isEqualTo(step);
        assertThat(window.get(3) - window.get(2)).as(line).isEqualTo(step);
    }

    private static List<Integer> window(String line) {
        List<Integer> numbers = World.numbers(line);
        return numbers.subList(numbers.size() - 4, numbers.size());
    }
}
