package dev.razor.core.reward.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    @Test
    void words_obeyQuotesAndBackslashes() {
        assertThat(CommandLine.words("  python3  'a b.py' \"c\\\"d\" e\\ f '' g'h'i '\\'"))
                .containsExactly("python3", "a b.py", "c\"d", "e f", "", "ghi", "\\");
        assertThatThrownBy(() -> CommandLine.words("a \"b"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("reward: program:a \"b has a quote \" that is not closed");
    }

    @Test
    void shortName_isTheScripts() {
        assertThat(name("python3 -u rewards/length.py --words 20")).isEqualTo("length.py");
        assertThat(name("/usr/bin/python3.12 rewards/length.py")).isEqualTo("length.py");
        assertThat(name("env python3 length.py")).isEqualTo("length.py");
        assertThat(name("./judge --strict yes")).isEqualTo("judge");
        assertThat(name("sh -c 'read x'")).isEqualTo("sh");
    }

    private static String name(String line) {
        return CommandLine.shortName(CommandLine.words(line));
    }
}
