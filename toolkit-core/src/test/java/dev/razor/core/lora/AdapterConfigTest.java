package dev.razor.core.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.base.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class AdapterConfigTest {

    private static final String PLAIN = """
            {"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "/base", "r": 4,
             "lora_alpha": 6, "target_modules": ["q_proj"]}
            """;

    @TempDir
    private Path directory;

    private AdapterConfig read(String changes) throws IOException {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(PLAIN);
        json.setAll((ObjectNode) JsonMapper.shared().readTree(changes));
        Files.writeString(directory.resolve(AdapterConfig.NAME), json.toString());
        return AdapterConfig.read(directory);
    }

    private static double scale(AdapterConfig config) {
        return config.scale("model.layers.0.self_attn.q_proj");
    }

    @Test
    void scale_isAlphaByRank_orByItsRoot() throws IOException {
        assertThat(scale(read("{}"))).isEqualTo(1.5);
        assertThat(scale(read("{\"use_rslora\": true}"))).isEqualTo(3.0);
        assertThat(scale(read("{\"lora_alpha\": 2.5}"))).isEqualTo(0.625);
    }

    /// As PEFT matches: the expression stands at the name's end, behind a dot or alone; the first one counts.
    @Test
    void patterns_giveSomeLayersTheirOwnRankAndAlpha() throws IOException {
        AdapterConfig config = read("""
                {"rank_pattern": {"layers.1.self_attn.q_proj": 9, "q_proj": 2, "proj": 100, "model.*down_proj": 5},
                 "alpha_pattern": {"layers\\\\.[01]\\\\.self_attn\\\\.q_proj": 12}, "use_rslora": true}
                """);
        assertThat(config.rank("model.layers.1.self_attn.q_proj")).isEqualTo(9);
        assertThat(config.rank("model.layers.0.self_attn.q_proj")).isEqualTo(2);
        assertThat(config.rank("model.layers.0.mlp.down_proj")).isEqualTo(5);
        assertThat(config.rank("model.layers.0.mlp.up_proj")).isEqualTo(4);
        assertThat(config.scale("model.layers.1.self_attn.q_proj")).isEqualTo(4.0);
        assertThat(config.scale("model.layers.2.self_attn.q_proj")).isCloseTo(6 / Math.sqrt(2), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"peft_type": "IA3"}                       | peft_type: IA3 is not one Razor has; it has LORA
            {"task_type": "SEQ_CLS"}                   | task_type: "SEQ_CLS" is not supported; Razor computes
            {"use_dora": true}                         | use_dora: true is not supported
            {"use_qalora": true}                       | use_qalora: true is not supported
            {"bias": "lora_only"}                      | bias: "lora_only" is not supported
            {"modules_to_save": ["lm_head"]}           | modules_to_save: ["lm_head"] is not supported
            {"lora_bias": true}                        | lora_bias: true is not supported
            {"fan_in_fan_out": true}                   | fan_in_fan_out: true is not supported
            {"layer_replication": [[0, 4]]}            | layer_replication: [[0,4]] is not supported
            {"trainable_token_indices": [1]}           | trainable_token_indices: [1] is not supported
            {"alora_invocation_tokens": [1]}           | alora_invocation_tokens: [1] is not supported
            {"target_parameters": ["x"]}               | target_parameters: ["x"] is not supported
            {"init_lora_weights": "pissa_niter_4"}     | init_lora_weights: "pissa_niter_4" is not supported
            {"some_later_key": {"x": 1}}               | some_later_key: {"x":1} is not supported
            {"r": 0}                                   | r: expected a positive whole number, got 0
            {"r": "8"}                                 | r: expected a positive whole number, got "8"
            {"lora_alpha": -1}                         | lora_alpha: expected a positive number, got -1
            {"use_rslora": "yes"}                      | use_rslora: expected true or false, got "yes"
            {"target_modules": []}                     | target_modules: expected names of layers, got []
            {"target_modules": [1, ""]}                | target_modules: expected names of layers, got [1,""]
            {"rank_pattern": {"q(": 2}}                | rank_pattern: q( is no regular expression: Unclosed group
            {"rank_pattern": {"q": 2.5}}               | rank_pattern: expected a positive whole number, got 2.5
            {"alpha_pattern": [1]}                     | alpha_pattern: expected an object, got [1]
            {"base_model_name_or_path": null}          | base_model_name_or_path: expected the base model's directory, got null
            """)
    void read_refusesWhatRazorDoesNotCompute_namingTheKey(String changes, String problem) {
        CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> read(changes));
        assertThat(e).isNotNull();
        assertThat(e.problems())
                .singleElement()
                .asString()
                .startsWith(directory.resolve(AdapterConfig.NAME) + ": ")
                .contains(problem);
    }

    @Test
    void read_reportsAllProblemsTogether() {
        CheckpointException e = catchThrowableOfType(
                CheckpointException.class, () -> read("{\"use_dora\": true, \"bias\": \"all\", \"r\": -1}"));
        assertThat(e.problems()).hasSize(3);
    }

    @Test
    void read_ofWhatIsNoObject_isOneLine() throws IOException {
        for (String text : List.of("[]", "{\"r\": ", "")) {
            Files.writeString(directory.resolve(AdapterConfig.NAME), text);
            CheckpointException e =
                    catchThrowableOfType(CheckpointException.class, () -> AdapterConfig.read(directory));
            assertThat(e.problems()).singleElement().asString().contains(AdapterConfig.NAME, "copy it again");
        }
    }

    /// What PEFT 0.10 and later write for LoraConfig(task_type="CAUSAL_LM", r=8, lora_alpha=16,
    /// target_modules=["q_proj", "v_proj"]), keys in their order.
    @Test
    void toJson_hasPeftsKeysAndValues() {
        var config = new AdapterConfig(
                "x", 8, 16, false, List.of("q_proj", "v_proj"), new LinkedHashMap<>(), new LinkedHashMap<>());
        ObjectNode json = config.toJson(Path.of("/models/base"), List.of());
        JsonNode expected = JsonMapper.shared().readTree("""
                {"alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "/models/base",
                 "bias": "none", "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true,
                 "layer_replication": null, "layers_pattern": null, "layers_to_transform": null,
                 "loftq_config": {}, "lora_alpha": 16, "lora_dropout": 0.0, "megatron_config": null,
                 "megatron_core": "megatron.core", "modules_to_save": null, "peft_type": "LORA", "r": 8,
                 "rank_pattern": {}, "revision": null, "target_modules": ["q_proj", "v_proj"],
                 "task_type": "CAUSAL_LM", "use_dora": false, "use_rslora": false}
                """);
        assertThat(json.toString()).isEqualTo(expected.toString());
    }

    @Test
    void toJson_andRead_keepEverythingThatIsComputed() throws IOException {
        AdapterConfig config = read("""
                {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"q_proj": 2.5}, "use_rslora": true,
                 "lora_alpha": 0.5, "target_modules": ["k_proj", "q_proj"]}
                """);
        Files.writeString(
                directory.resolve(AdapterConfig.NAME),
                config.toJson(Path.of("/base"), List.of()).toString());
        assertThat(AdapterConfig.read(directory)).isEqualTo(config);
    }

    /// Where a pattern chose the layers, the layers' own names are written.
    @Test
    void toJson_ofAPattern_namesTheLayers() throws IOException {
        for (String changes : List.of("{\"target_modules\": \".*q_proj\"}", "{\"layers_to_transform\": [1]}")) {
            AdapterConfig config = read(changes);
            assertThat(config.targetModules()).isNull();
            assertThat(config.toJson(Path.of("/base"), List.of("model.layers.1.self_attn.q_proj"))
                            .path("target_modules")
                            .toString())
                    .isEqualTo("[\"model.layers.1.self_attn.q_proj\"]");
        }
    }
}
