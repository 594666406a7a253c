package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InlineTest {

    record Shared(
            @Key("steps to take") int steps,
            @Key(value = "how fast", fallback = "0.5") double rate) {
        Shared {
            Check.that(steps > 0, "steps must be positive, got %d", steps);
        }
    }

    record Outer(
            @Key("a name") String name,
            @Inline Shared shared,
            @Key(value = "last", fallback = "7") int last) {}

    private static Outer parse(String yaml, String... overrides) {
        return ConfigLoader.parse(yaml, "run.yaml", List.of(overrides), Outer.class);
    }

    @Test
    void parse_findsTheKeysOfAnInlinedRecordAmongTheOthers() {
        assertThat(parse("name: a\nsteps: 3\n", "rate=2")).isEqualTo(new Outer("a", new Shared(3, 2), 7));
    }

    @Test
    void parse_reportsTheirProblemsWithTheOthers() {
        assertThatThrownBy(() -> parse("nam: a\nrate: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "run.yaml: nam: unknown key; did you mean name?",
                        "run.yaml: name: missing",
                        "run.yaml: steps: missing",
                        "run.yaml: rate: expected a number");
        assertThatThrownBy(() -> parse("name: a\nsteps: 0\n")).hasMessageContaining("steps must be positive, got 0");
    }

    @Test
    void toYaml_writesThemAmongTheOthers_andReadsBackEqual() {
        Outer outer = new Outer("a", new Shared(3, 2), 8);
        assertThat(ConfigWriter.toNode(outer).propertyNames()).containsExactly("name", "steps", "rate", "last");
        assertThat(parse(ConfigWriter.toYaml(outer))).isEqualTo(outer);
    }

    @Test
    void describe_listsThem() {
        assertThat(ConfigHelp.describe(Outer.class))
                .anyMatch(line -> line.startsWith("steps") && line.contains("mandatory"));
    }
}
