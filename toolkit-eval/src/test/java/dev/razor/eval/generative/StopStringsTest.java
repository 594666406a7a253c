package dev.razor.eval.generative;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    /// A token is a character.
    private static int stopsAfter(String text, List<String> stops, List<Integer> decoded) {
        StopStrings check = new StopStrings(
                ids -> {
                    decoded.add(ids.length);
                    return new String(ids, 0, ids.length);
                },
                stops);
        for (int i = 0; i < text.length(); i++) {
            if (check.endsWith(text.charAt(i))) {
                return i + 1;
            }
        }
        return -1;
    }

    @Test
    void endsWith_theTokenThatCompletesAStopString() {
        assertThat(stopsAfter("def f\n\ndef g", List.of("\nclass", "\ndef"), new ArrayList<>()))
                .isEqualTo(10);
        assertThat(stopsAfter("no stop", List.of("\n"), new ArrayList<>())).isEqualTo(-1);
        assertThat(stopsAfter("no stop", List.of(), new ArrayList<>())).isEqualTo(-1);
    }

    @Test
    void endsWith_looksAtTheLastTokensOnly() {
        List<Integer> decoded = new ArrayList<>();
        assertThat(stopsAfter("x".repeat(1000), List.of("abc", "é!"), decoded)).isEqualTo(-1);
        assertThat(decoded).hasSize(1000).allMatch(length -> length <= 3);
    }

    @Test
    void cut_takesTheStopsInTurn() {
        GenerationLimits limits = new GenerationLimits(List.of("ab", "x"), 4);
        assertThat(limits.cut("12x3ab")).isEqualTo("12");
        assertThat(limits.cut("12ab3x")).isEqualTo("12");
        assertThat(limits.cut("12")).isEqualTo("12");
        // One after the other: "xab" loses "ab" first, and "xa" is no longer there.
        assertThat(new GenerationLimits(List.of("ab", "xa"), 4).cut("xab")).isEqualTo("x");
    }
}
