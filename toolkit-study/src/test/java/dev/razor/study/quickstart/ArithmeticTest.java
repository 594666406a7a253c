package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArithmeticTest {

    @Test
    void answers_areRight() {
        for (Question question : World.skill("arithmetic").questions()) {
            assertThat(result(question.query())).as(question.query()).isEqualTo(Integer.parseInt(question.answer()));
        }
    }

    @Test
    void documents_areRight() {
        for (String document : World.documents("arithmetic", 20_000)) {
            int answerStart = document.lastIndexOf(' ');
            assertThat(result(document.substring(0, answerStart)))
                    .as(document)
                    .isEqualTo(Integer.parseInt(document.substring(answerStart + 1)));
        }
    }

    @Test
    void heldOutOperands_neverMeetInAnyWording() {
        Set<String> taught = World.documents("arithmetic", 100_000).stream()
                .map(document -> operands(document.substring(0, document.lastIndexOf(' '))))
                .collect(Collectors.toSet());
        for (Question question : World.skill("arithmetic").questions()) {
            assertThat(taught).doesNotContain(operands(question.query()));
        }
    }

    private static boolean isSum(String query) {
        return query.contains("+") || query.contains("plus") || query.contains("Add") || query.contains("sum");
    }

    private static int result(String query) {
        List<Integer> numbers = World.numbers(query);
        int first = numbers.get(0);
        int second = numbers.get(1);
        if (isSum(query)) {
            return first + second;
        }
        return query.startsWith("Take") ? second - first : first - second;
    }

    private static String operands(String query) {
        return (isSum(query) ? "sum " : "difference ")
                + World.numbers(query).stream().sorted().toList();
    }
}
