package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ConfigWriterTest {

    private static Example read(String yaml) {
        return ConfigLoader.parse(yaml, "written.yaml", List.of(), Example.class);
    }

    @Test
    void toYaml_writesEveryKeyInOrder() {
        assertThat(ConfigWriter.toYaml(Example.small())).isEqualTo("""
                model: "m"
                output: "runs/x"
                learning_rate: 1.0E-5
                lr_scheduler_type: "constant_with_warmup"
                warmup_steps: 0
                per_device_train_batch_size: 8
                seed: 42
                packing: false
                max_grad_norm: 1.0
                max_steps: null
                tasks: []
                optimizer:
                  adam_beta1: 0.9
                  adam_beta2: 0.999
                phases: []
                methods: {}
                """);
    }

    @Test
    void toYaml_readsBackEqual() {
        ObjectNode free = JsonNodeFactory.instance.objectNode();
        free.put("text", "1e-5").put("rate", 1e-5).put("yes", true).putNull("none");
        Example config = new Example(
                "a: b #c",
                Path.of("x/y z"),
                Math.nextUp(0.1),
                Example.Schedule.COSINE,
                Integer.MAX_VALUE,
                -1,
                Long.MIN_VALUE,
                true,
                null,
                3,
                List.of("a", "null", "~", "", "1", "true"),
                new Example.Adam(Double.MIN_VALUE, Double.MAX_VALUE),
                List.of(new Example.Phase("p", 2), new Example.Phase("q", 1)),
                free);
        assertThat(read(ConfigWriter.toYaml(config))).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "~",
                "Null",
                "1e-5",
                "yes",
                " a ",
                "a\nb\n",
                "\t",
                "'",
                "\"",
                "\\",
                "\u0007",
                "\u0085",
                "\u2028",
                "\ufeff",
                "\u0000",
                "\ud83d\ude00",
                "- a",
                "{",
                "*a",
                "&a",
                "!a",
                "%",
                "@",
                "`",
                "|",
                ">",
                "? a",
                "---",
                "..."
            })
    void toYaml_keepsAnyText(String text) {
        Example config = ConfigLoader.bind(
                JsonNodeFactory.instance.objectNode().put("model", text).put("learning_rate", 1), "w", Example.class);
        assertThat(read(ConfigWriter.toYaml(config)).model()).isEqualTo(text);
    }

    @Test
    void toYaml_keepsAnyNumber() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            double rate = Math.abs(Double.longBitsToDouble(random.nextLong()));
            if (Double.isFinite(rate) && rate > 0) {
                ObjectNode node =
                        JsonNodeFactory.instance.objectNode().put("model", "m").put("learning_rate", rate);
                Example config = ConfigLoader.bind(node, "w", Example.class);
                assertThat(read(ConfigWriter.toYaml(config)).learningRate())
                        .as("seed %d", seed)
                        .isEqualTo(rate);
            }
        }
    }

    record Rate(@Key("x") double learningRate) {}

    @Test
    void toYaml_refusesWhatCannotBeReadBack() {
        assertThatThrownBy(() -> ConfigWriter.toYaml(new Rate(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("learning_rate (NaN) must be finite");
    }
}
