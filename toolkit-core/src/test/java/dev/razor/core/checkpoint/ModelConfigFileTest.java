package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.model.qwen2.Qwen2Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelConfigFileTest {

    private static final String GOOD = """
            {"architectures": ["Qwen2ForCausalLM"], "hidden_act": "silu", "hidden_size": 896,
             "intermediate_size": 4864, "max_position_embeddings": 32768, "num_attention_heads": 14,
             "num_hidden_layers": 24, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
             "rope_theta": 1000000.0, "tie_word_embeddings": true, "vocab_size": 151936}""";

    @TempDir
    private Path directory;

    private Qwen2Config read(String json) {
        try {
            Files.writeString(directory.resolve(ModelConfigFile.NAME), json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return ModelConfigFile.qwen2(directory, ModelConfigFile.readJson(directory));
    }

    private List<String> problems(String json) {
        CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> read(json));
        assertThat(e).as(json).isNotNull();
        assertThat(e.problems())
                .allSatisfy(problem -> assertThat(problem)
                        .startsWith(directory.resolve(ModelConfigFile.NAME) + ": ")
                        .hasSizeLessThan(400)
                        .doesNotContainPattern("\\p{Cntrl}"));
        return e.problems();
    }

    @Test
    void qwen2_readsTheSizes() {
        assertThat(read(GOOD)).isEqualTo(new Qwen2Config(151936, 896, 4864, 24, 14, 2, 32768, 1e-6, 1e6, true));
    }

    @Test
    void qwen2_withoutTieWordEmbeddings_isUntied() {
        assertThat(read(GOOD.replace("\"tie_word_embeddings\": true, ", "")).tieWordEmbeddings())
                .isFalse();
    }

    @Test
    void qwen2_readsTheFormOfTransformers5() {
        String nested = GOOD.replace(
                "\"rope_theta\": 1000000.0", "\"rope_parameters\": {\"rope_theta\": 5e5, \"rope_type\": \"default\"}");
        assertThat(read(nested).ropeTheta()).isEqualTo(5e5);
        assertThat(problems(nested.replace("\"default\"", "\"yarn\"")))
                .singleElement()
                .asString()
                .contains("rope_parameters: ", "yarn", "not supported");
        assertThat(problems(nested.replace("\"rope_theta\": 5e5, ", "")))
                .singleElement()
                .asString()
                .contains("rope_theta: missing");
    }

    /// A key, the value it gets, what the message must say.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hidden_size             | 0            | expected a positive whole number, got 0
            hidden_size             | "896"        | expected a positive whole number, got "896"
            intermediate_size       | -1           | expected a positive whole number, got -1
            num_hidden_layers       | 2.5          | expected a positive whole number, got 2.5
            num_attention_heads     | null         | expected a positive whole number, got null
            num_key_value_heads     | 4294967296   | expected a positive whole number, got 4294967296
            max_position_embeddings | [1]          | expected a positive whole number, got [1]
            vocab_size              | true         | expected a positive whole number, got true
            rms_norm_eps            | "1e-6"       | expected a number, got "1e-6"
            rope_theta              | {}           | expected a number, got {}
            tie_word_embeddings     | "true"       | expected true or false, got "true"
            hidden_act              | "gelu"       | "gelu" is not supported
            model_type              | "mamba"      | "mamba" is not supported
            use_sliding_window      | true         | true is not supported
            rope_scaling            | {"factor":4} | {"factor":4} is not supported
            head_dim                | 128          | 128 is not supported
            """)
    void qwen2_refusesABadKey_withItsValueAndARemedy(String key, String value, String saying) {
        String json = GOOD.contains("\"" + key + "\"")
                ? GOOD.replaceFirst("\"" + key + "\": [^,}]+", "\"" + key + "\": " + value)
                : GOOD.replaceFirst("\\{", "{\"" + key + "\": " + value.replace("$", "") + ", ");
        assertThat(problems(json))
                .anySatisfy(problem -> assertThat(problem)
                        .contains(key + ": ", saying)
                        .containsPattern("; (download|Razor computes)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden_size",
                "intermediate_size",
                "num_hidden_layers",
                "num_attention_heads",
                "num_key_value_heads",
                "max_position_embeddings",
                "vocab_size",
                "rms_norm_eps",
                "rope_theta"
            })
    void qwen2_refusesAMissingKey(String key) {
        String json = GOOD.replaceFirst("\"" + key + "\": [^,}]+", "\"other\": 1");
        assertThat(problems(json)).singleElement().asString().contains(": " + key + ": missing; ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "num_attention_heads": 14   | "num_attention_heads": 13  | hidden_size (896) must be a multiple of num_attention_heads (13)
            "num_key_value_heads": 2    | "num_key_value_heads": 3   | num_attention_heads (14) must be a multiple of num_key_value_heads (3)
            "hidden_size": 896          | "hidden_size": 14          | must be even
            "rms_norm_eps": 1e-06       | "rms_norm_eps": -1         | rms_norm_eps must be in (0, 1), got -1.0
            "rope_theta": 1000000.0     | "rope_theta": 1e999        | rope_theta must be a positive number, got Infinity
            """)
    void qwen2_refusesSizesThatDisagree(String from, String to, String saying) {
        assertThat(problems(GOOD.replace(from, to))).singleElement().asString().contains(saying);
    }

    @Test
    void qwen2_reportsAllProblemsTogether() {
        String json = GOOD.replace("896", "\"x\"")
                .replace("\"silu\"", "\"relu\"")
                .replace("\"num_hidden_layers\": 24", "\"layers\": 24")
                .replace("1e-06", "false");
        assertThat(problems(json))
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).contains("hidden_size: expected"),
                        p -> assertThat(p).contains("hidden_act: \"relu\""),
                        p -> assertThat(p).contains("num_hidden_layers: missing"),
                        p -> assertThat(p).contains("rms_norm_eps: expected"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"architectures\": [\"LlamaForCausalLM\"]}",
                "{\"architectures\": [\"Qwen2MoeForCausalLM\"], \"model_type\": \"qwen2\"}",
                "{\"model_type\": \"gpt2\"}",
                "{\"architectures\": []}",
                "{\"architectures\": {\"a\": 1}}",
                "{}"
            })
    void qwen2_refusesAnotherArchitecture(String json) {
        assertThat(problems(json)).singleElement().asString().contains("architectures: ", "it has Qwen2ForCausalLM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{\"a\": ", "{\"a\": \"\n\"}", "null", "{} {}"})
    void readJson_refusesWhatIsNoObject(String json) {
        assertThat(problems(json)).singleElement().asString().contains("download it again");
    }

    @Test
    void readJson_ofNoDirectoryOrFile_saysWhatToGive() {
        Path none = directory.resolve("none");
        assertThat(catchThrowableOfType(CheckpointException.class, () -> ModelConfigFile.readJson(none))
                        .getMessage())
                .contains(none + " is not a directory", "give a Hugging Face model directory");
        assertThat(catchThrowableOfType(CheckpointException.class, () -> ModelConfigFile.readJson(directory))
                        .getMessage())
                .contains(directory.resolve("config.json") + ": no such file");
    }
}
