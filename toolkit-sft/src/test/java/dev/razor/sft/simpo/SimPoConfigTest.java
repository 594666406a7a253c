package dev.razor.sft.simpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SimPoConfigTest {

    private static SimPoConfig config(String settings) {
        return SimPoTesting.config(
                Path.of("model"), "pairs.jsonl", Path.of("out"), "learning_rate: 1e-5", settings.replace(", ", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_steps: 1 | SIMPO | 0.1 | 0.5",
                "beta: 2.5 | SIMPO | 2.5 | 0.5",
                "simpo_gamma: 0 | SIMPO | 0.1 | 0",
                "loss_type: simpo_printed | SIMPO_PRINTED | 1 | 1"
            })
    void loss_hasTheDefaultsOfTrl(String settings, SimPoLoss.Type type, double beta, double gamma) {
        assertThat(config(settings).loss()).isEqualTo(new SimPoLoss(type, beta, gamma));
    }

    /// What decides the numbers stands in the run's config.yaml, and nothing that does not.
    @Test
    void writtenConfiguration_hasWhatIsUsed() {
        assertThat(ConfigWriter.toYaml(config("max_steps: 1"))).contains("beta: 0.1\n", "simpo_gamma: 0.5\n");
        assertThat(ConfigWriter.toYaml(config("loss_type: simpo_printed")))
                .contains("\nbeta: null\n", "\nsimpo_gamma: null\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"beta: 2", "simpo_gamma: 1", "beta: 1, simpo_gamma: 1"})
    void printedFormula_refusesKeysThatItDoesNotUse(String keys) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> config("loss_type: simpo_printed, " + keys));
        assertThat(e).isNotNull();
        assertThat(e.problems())
                .singleElement()
                .asString()
                .contains("loss_type simpo_printed", "are not used; remove them or set them to null")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "beta: 0 | beta must be a positive number, got 0.0",
                "simpo_gamma: -1 | simpo_gamma must be a number of at least 0, got -1.0",
                "max_length: 1 | max_length must be at least 2, got 1",
                "eval_steps: 0 | eval_steps must be positive, got 0",
                "loss_type: dpo | dpo",
                "cpo_alpha: 1 | cpo_alpha"
            })
    void badValues_areRefusedInOneLine(String settings, String expected) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> config(settings));
        assertThat(e).isNotNull();
        assertThat(e.problems()).singleElement().asString().contains(expected);
    }
}
