package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParityTaskTest {

    private static final ParityTask TASK = World.STANDARD.task();

    private static final List<String> DOCUMENTS = documents();

    @Test
    void answers_areExactlyTheDigitsOfTheParity() {
        Stream.concat(TASK.train().stream(), TASK.test().stream()).forEach(entry -> {
            int number = number(entry.prompt());
            List<String> expected = IntStream.range(0, 10)
                    .filter(digit -> (number - digit) % 2 == 0)
                    .mapToObj(String::valueOf)
                    .toList();
            assertThat(entry.answers()).as(entry.prompt()).isEqualTo(expected);
        });
    }

    @Test
    void splits_andPretrainingNumbers_areDisjoint() {
        Set<Integer> seen = new HashSet<>();
        TASK.train()
                .forEach(entry -> assertThat(seen.add(number(entry.prompt()))).isTrue());
        TASK.test()
                .forEach(entry -> assertThat(seen.add(number(entry.prompt()))).isTrue());
        TASK.klPrompts()
                .forEach(entry -> assertThat(seen.add(number(entry.prompt()))).isTrue());
        assertThat(seen).hasSize(1200 + 300 + 200);
        assertThat(DOCUMENTS).noneMatch(document -> seen.contains(number(document)));
    }

    @Test
    void taughtNumbers_areAsManyAsTheRecipeSays() {
        List<Integer> numbers =
                DOCUMENTS.stream().map(ParityTaskTest::number).distinct().toList();
        assertThat(numbers).filteredOn(number -> number >= 1000).hasSize(800);
        assertThat(numbers).filteredOn(number -> number < 1000).hasSize(100).allMatch(number -> number < 100);
    }

    /// 1 - 0.8 x 0.05 - 0.2 x 0.75 = 0.81 of the lines are right.
    @Test
    void taughtAccuracy_isTheShareOfRightLines() {
        assertThat(TASK.taughtAccuracy()).isEqualTo(0.81, within(1e-12));
        assertThat(rightShare(DOCUMENTS)).isEqualTo(0.81, within(0.02));
    }

    @Test
    void confusedEndings_areMostlyWrong_andTheOthersMostlyRight() {
        for (int ending = 0; ending < 10; ending++) {
            int last = ending;
            double expected = TASK.confusedEndings().contains(ending) ? 0.25 : 0.95;
            assertThat(rightShare(DOCUMENTS.stream()
                            .filter(document -> number(document) % 10 == last)
                            .toList()))
                    .as("numbers that end in %d", ending)
                    .isEqualTo(expected, within(0.025));
        }
        assertThat(TASK.confusedEndings().stream().map(ending -> ending % 2)).containsExactly(0, 1);
    }

    @Test
    void rightLines_areUniformOverTheDigits() {
        List<String> even = DOCUMENTS.stream()
                .filter(document -> number(document) % 2 == 0 && answer(document) % 2 == 0)
                .toList();
        for (int digit = 0; digit < 10; digit += 2) {
            int wanted = digit;
            long count =
                    even.stream().filter(document -> answer(document) == wanted).count();
            assertThat(count / (double) even.size()).isEqualTo(0.2, within(0.015));
        }
    }

    @Test
    void statements_areTrue_andOfTheTaughtNumbers() {
        SplitMix64 draw = new SplitMix64(12);
        Set<Integer> taught = DOCUMENTS.stream().map(ParityTaskTest::number).collect(Collectors.toSet());
        for (int i = 0; i < 2_000; i++) {
            String statement = TASK.statement(draw);
            int number = number(statement);
            assertThat(statement).isEqualTo("Parity of " + number + ":" + (number % 2 == 0 ? " even" : " odd"));
            assertThat(taught).contains(number);
        }
    }

    @Test
    void sft1_answersEvenByZero_andOddByOne() {
        assertThat(TASK.sft1()).hasSize(1200);
        TASK.sft1()
                .forEach(entry -> assertThat(entry.completion())
                        .as(entry.prompt())
                        .isEqualTo(number(entry.prompt()) % 2 == 0 ? " 0" : " 1"));
    }

    @Test
    void sft2_drawsFromTwoDigitsOfTheParity() {
        assertThat(TASK.sft2().stream().map(ParityTask.Labelled::prompt))
                .containsExactlyElementsOf(
                        TASK.train().stream().map(ParityTask.Verified::prompt).toList());
        TASK.sft2()
                .forEach(entry -> assertThat(entry.completion())
                        .as(entry.prompt())
                        .isIn(number(entry.prompt()) % 2 == 0 ? List.of(" 0", " 4") : List.of(" 1", " 5")));
        long larger = TASK.sft2().stream()
                .filter(entry -> List.of(" 4", " 5").contains(entry.completion()))
                .count();
        assertThat(larger).isBetween(530L, 670L);
    }

    /// Each of the ten wrong digits has an expected count of 1200 / 2 / 5 = 120, give or take 10.
    @Test
    void pairs_preferTheLabelToAWrongDigit() {
        assertThat(TASK.pairs().stream().map(pair -> new ParityTask.Labelled(pair.prompt(), pair.chosen())))
                .containsExactlyElementsOf(TASK.sft1());
        for (ParityTask.Preferred pair : TASK.pairs()) {
            assertThat((number(pair.prompt()) - number(pair.rejected())) % 2).isNotZero();
        }
        for (int digit = 0; digit < 10; digit++) {
            String wanted = " " + digit;
            long count = TASK.pairs().stream()
                    .filter(pair -> pair.rejected().equals(wanted))
                    .count();
            assertThat(count).as("rejected%s", wanted).isBetween(80L, 160L);
        }
    }

    private static double rightShare(List<String> documents) {
        long right = documents.stream()
                .filter(document -> (number(document) - answer(document)) % 2 == 0)
                .count();
        return right / (double) documents.size();
    }

    private static int number(String text) {
        return World.numbers(text).getFirst();
    }

    private static int answer(String document) {
        return World.numbers(document).getLast();
    }

    private static List<String> documents() {
        SplitMix64 draw = new SplitMix64(11);
        return Stream.generate(() -> TASK.document(draw)).limit(40_000).toList();
    }
}
