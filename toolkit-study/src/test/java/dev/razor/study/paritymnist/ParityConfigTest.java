package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParityConfigTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seeds=[1, 1]                 | seeds must differ, got [1, 1]
            learning_rate=[1e-4, 1.0e-4] | learning_rate must differ, got [1.0E-4, 1.0E-4]
            num_train_epochs=[1, 1]      | num_train_epochs must differ, got [1, 1]
            num_train_epochs=[3000000]   | num_train_epochs must be numbers from 1 to 10000, got [3000000]
            lr_scheduler_type=[cosine, cosine] | lr_scheduler_type must differ, got [COSINE, COSINE]
            dynamics.methods=[mine, mine] | dynamics: methods must differ, got [mine, mine]
            measure_every_epochs=1e-9    | measure_every_epochs must make at most 10000 measurements of 2 epochs, got 1.0E-9
            max_train_examples=100       | pretraining.examples is 500, but max_train_examples leaves 100 images to take them from; lower it
            """)
    void settings_thatCannotWork_areRefusedInOneLine(String setting, String message) {
        assertThatThrownBy(() -> parse(setting))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--set %s: %s", setting, message);
    }

    @Test
    void pretraining_mayTakeAllTrainingImages() {
        assertThat(parse("max_train_examples=500").maxTrainExamples()).isEqualTo(500);
    }

    private static ParityConfig parse(String setting) {
        return ConfigLoader.parse("""
                experiment: paritymnist
                output: out
                methods:
                  - {name: mine, kind: sft1}
                """, "test", List.of(setting), ParityConfig.class);
    }
}
