package dev.razor.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Expected values are those of NLTK's Punkt for English.
class SentencesTest {

    @Test
    void split_signsAndSpaces_endSentences() {
        assertThat(Sentences.split("One here. Two there! Three? four"))
                .containsExactly("One here.", "Two there!", "Three?", "four");
        assertThat(Sentences.split("a\n\nb\nc")).containsExactly("a\n\nb\nc");
        assertThat(Sentences.split("no end.and no space")).hasSize(1);
        assertThat(Sentences.split("")).isEmpty();
        assertThat(Sentences.split("Very bad acting!!! I promise."))
                .containsExactly("Very bad acting!!!", "I promise.");
    }

    @Test
    void split_closingSigns_belongToTheSentenceBefore() {
        assertThat(Sentences.split("(One here.) Two \"there.\" Three"))
                .containsExactly("(One here.)", "Two \"there.\"", "Three");
    }

    @Test
    void split_abbreviationsInitialsAndNumbers_endNone() {
        assertThat(Sentences.split("Dr. Smith met J. Bach in the U.S. at 5 p.m. on Monday."))
                .hasSize(1);
        assertThat(Sentences.split("He lives in the U.S. The house is small.")).hasSize(2);
        assertThat(Sentences.split("It costs 3.14 dollars. and more")).hasSize(2);
        assertThat(Sentences.split("Wait... what? Then... The end.")).hasSize(3);
        assertThat(Sentences.split("1. First\n2. Second")).hasSize(3);
    }

    @Test
    void upper_countsWordsInCapitals() {
        assertThat(List.of("IT'S", "DON'T", "CANNOT", "AT&T", "A-B", "NASA, USA.", "A/B", "McDONALD", "1 2", "I'M OK"))
                .extracting(WordTokens::upper)
                .containsExactly(2, 2, 2, 2, 1, 2, 1, 0, 0, 3);
        assertThat(WordTokens.upper("STOP. NOW IT'S. “YES” NO—NEVER A:B A:1")).isEqualTo(10);
    }
}
