package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are what CPython 3.11 answers.
class PythonStringsTest {

    @Test
    void isSpace_hasPythonsTwentyNineCharacters() {
        long count = IntStream.range(0, 0x110000).filter(PythonStrings::isSpace).count();

        assertThat(count).isEqualTo(29);
        assertThat(PythonStrings.isSpace(0xA0)).as("no-break space").isTrue();
        assertThat(PythonStrings.isSpace(0x85)).as("next line").isTrue();
        assertThat(PythonStrings.isSpace(0x200B)).as("zero-width space").isFalse();
        assertThat(PythonStrings.isSpace(0xFEFF)).as("byte order mark").isFalse();
        assertThat(PythonStrings.isSpace(0x180E)).as("Mongolian separator").isFalse();
    }

    @Test
    void strip_takesWhiteSpaceOfBothEnds() {
        assertThat(PythonStrings.strip(" \u3000a b\u00a0\n")).isEqualTo("a b");
        assertThat(PythonStrings.rstrip(" a b\u2009\u001c")).isEqualTo(" a b");
        assertThat(PythonStrings.strip(" \t")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "he, He",
        "the red TLC logo, The red tlc logo",
        "'', ''",
        "'(HE', '(he'",
        "ßa, Ssa",
        "ﬁnal, Final",
        "ǆ, ǅ",
        "ŉA, ʼNa",
        "ΑΣ, Ας",
        "ΣΑ, Σα",
        "İX, İx",
        "éCOLE, École",
        "ᾲ, Ὰͅ"
    })
    void capitalize_isPythons(String text, String expected) {
        assertThat(PythonStrings.capitalize(text)).isEqualTo(expected);
    }
}
