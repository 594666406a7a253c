package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordSenseTest {

    private static final List<String> DOCUMENTS = World.documents("words", 40_000);

    @Test
    void answers_areRight() {
        World.skill("words").questions().forEach(question -> assertRight(World.line(question)));
    }

    @Test
    void documents_areRight() {
        DOCUMENTS.forEach(WordSenseTest::assertRight);
    }

    @Test
    void heldOutWordings_areNeverAnswered_butTheWordIsTaught() {
        Set<String> lines = Set.copyOf(DOCUMENTS.stream().distinct().toList());
        Set<String> openings = lines.stream()
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
        for (Question question : World.skill("words").questions()) {
            assertThat(openings).doesNotContain(question.query());
        }
        assertThat(lines).hasSize(200 * 4);
    }

    @Test
    void vocabulary_usesNoWordTwice() {
        List<String> words = new ArrayList<>();
        Vocabulary.OPPOSITES.forEach(words::addAll);
        for (Vocabulary.Kind kind : Vocabulary.KINDS) {
            words.add(kind.name());
            words.addAll(kind.members());
        }
        assertThat(words).doesNotHaveDuplicates().hasSize(100 + 110);
    }

    private static void assertRight(String line) {
        String answer = line.substring(line.lastIndexOf(' ') + 1);
        List<String> words = List.of(line.split("[^A-Za-z]+", -1));
        boolean isOpposite = Vocabulary.OPPOSITES.stream()
                .anyMatch(pair -> pair.contains(answer)
                        && words.subList(0, words.size() - 1).contains(other(pair, answer)));
        boolean isKind = Vocabulary.KINDS.stream()
                .anyMatch(kind ->
                        kind.name().equals(answer) && kind.members().stream().anyMatch(words::contains));
        assertThat(isOpposite || isKind).as(line).isTrue();
    }

    private static String other(List<String> pair, String word) {
        return pair.getFirst().equals(word) ? pair.getLast() : pair.getFirst();
    }
}
