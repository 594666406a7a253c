package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FactsTest {

    private static final Pattern COUNTRY = Pattern.compile("\\b([A-Z][a-z]{6})\\b(?<!Through|Hunters|Capital)");

    private static final List<String> DOCUMENTS = World.documents("facts", 40_000);

    @Test
    void answers_areStatedElsewhere_inOtherWordings() {
        Map<String, Set<String>> lines =
                DOCUMENTS.stream().collect(Collectors.groupingBy(FactsTest::country, Collectors.toSet()));
        for (Question question : World.skill("facts").questions()) {
            assertThat(lines.getOrDefault(country(question.query()), Set.of()))
                    .as(question.query())
                    .doesNotContain(World.line(question))
                    .noneMatch(line -> line.startsWith(question.query() + " "))
                    .filteredOn(line -> line.endsWith(" " + question.answer()))
                    .hasSize(4);
        }
    }

    @Test
    void heldOutWording_isTaughtWithOtherCountries() {
        Set<String> wordings = DOCUMENTS.stream()
                .map(line -> line.substring(0, line.lastIndexOf(' ')).replace(country(line), "@"))
                .collect(Collectors.toSet());
        for (Question question : World.skill("facts").questions()) {
            assertThat(wordings).contains(question.query().replace(country(question.query()), "@"));
        }
    }

    @Test
    void eachWording_hasOneAnswerACountry() {
        Map<String, String> answers = new HashMap<>();
        for (String line : DOCUMENTS) {
            int answerStart = line.lastIndexOf(' ');
            String answer = line.substring(answerStart + 1);
            assertThat(answers.merge(line.substring(0, answerStart), answer, (known, _) -> known))
                    .as(line)
                    .isEqualTo(answer);
        }
    }

    @Test
    void choices_haveOneLengthAQuestion() {
        for (Question question : World.skill("facts").questions()) {
            assertThat(question.choices()).as(question.query()).allMatch(choice -> isComparable(choice, question));
        }
    }

    private static boolean isComparable(String choice, Question question) {
        return Math.abs(choice.length() - question.answer().length()) <= 1;
    }

    private static String country(String line) {
        return World.group(COUNTRY, line);
    }
}
