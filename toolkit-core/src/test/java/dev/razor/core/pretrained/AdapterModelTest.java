package dev.razor.core.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.ConfigException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.lora.LoraSettings;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.LoadedWeights;
import dev.razor.core.run.Sha256;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyAdapter;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models with an adapter beside their weights.
final class AdapterModelTest {

    private static final LoadOptions FLOAT32 = LoadOptions.frozen("cpu", "float32");

    /// Every layer of [TinyModel#UNTIED] with an adapter.
    private static final List<String> EVERY =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head");

    @TempDir
    private Path directory;

    private Path base;

    @BeforeEach
    void writeBase() {
        base = TinyModel.write(directory.resolve("base"), TinyModel.UNTIED, 3, Dtype.FLOAT32, 60_000);
    }

    private static LoadOptions fresh(String dtype, long seed, String... targets) {
        return new LoadOptions("cpu", dtype, true, new LoraSettings(4, 8, List.of(targets), seed));
    }

    private Path adapter(String changes) {
        return TinyAdapter.write(directory.resolve("adapter"), base, EVERY, changes);
    }

    /// Adds `scale B A` to each weight by plain loops, in double, and computes the model without an adapter.
    private static float[] dense(Path base, Path adapter, Qwen2Config config, double scale) {
        try (PretrainedModel model = PretrainedModel.load(base, FLOAT32);
                SafetensorsFile file = SafetensorsFile.open(adapter.resolve("adapter_model.safetensors"));
                NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            Map<String, NDArray> weights = new LinkedHashMap<>(model.parameters());
            for (String name : file.names()) {
                if (name.endsWith(".lora_A.weight")) {
                    float[] a = file.copy(manager, name, Dtype.FLOAT32).toFloatArray();
                    float[] b = file.copy(manager, name.replace("lora_A", "lora_B"), Dtype.FLOAT32)
                            .toFloatArray();
                    int rank = (int) file.shape(name)[0];
                    int in = (int) file.shape(name)[1];
                    String weight = name.replace("base_model.model.", "").replace(".lora_A", "");
                    NDArray old = Objects.requireNonNull(weights.get(weight));
                    float[] sum = old.toFloatArray();
                    for (int i = 0; i < sum.length; i++) {
                        double update = 0;
                        for (int k = 0; k < rank; k++) {
                            update += (double) b[i / in * rank + k] * a[k * in + i % in];
                        }
                        sum[i] = (float) (sum[i] + scale * update);
                    }
                    weights.put(weight, manager.create(sum, new Shape(sum.length / in, in)));
                }
            }
            Qwen2Decoder decoder = Qwen2Decoder.load(manager, config, new LoadedWeights("", weights));
            return TinyAdapter.logits(decoder, manager);
        }
    }

    /// Alpha 6, rank 3: scale 2, or 6 / sqrt(3) where it is rank-stabilised.
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void load_ofAnAdapter_computesBasePlusUpdate(boolean rslora) {
        Path adapter = adapter("{\"use_rslora\": %s}".formatted(rslora));
        float[] expected = dense(base, adapter, TinyModel.UNTIED, rslora ? 6 / Math.sqrt(3) : 2);
        try (PretrainedModel model = PretrainedModel.load(adapter, FLOAT32);
                PretrainedModel bare = PretrainedModel.load(base, FLOAT32)) {
            assertThat(TinyAdapter.logits(model)).containsExactly(expected, within(1e-4f));
            assertThat(Math.abs(TinyAdapter.logits(bare)[0] - expected[0])).isGreaterThan(1e-2f);
            assertThat(model.trainable()).isEmpty();
            assertThat(model.directory()).isEqualTo(adapter);
            assertThat(model.tokenizer().size()).isEqualTo(bare.tokenizer().size());
        }
    }

    @Test
    void load_findsTheBase_relativeToTheAdapter() {
        Path adapter = adapter("{\"base_model_name_or_path\": \"../base\"}");
        try (PretrainedModel model = PretrainedModel.load(adapter, FLOAT32)) {
            assertThat(TinyAdapter.logits(model))
                    .containsExactly(dense(base, adapter, TinyModel.UNTIED, 2), within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void freshAdapter_computesWhatTheBaseDoes_toTheBit(String dtype) {
        try (PretrainedModel model = PretrainedModel.load(base, fresh(dtype, 1, "all-linear"));
                PretrainedModel bare = PretrainedModel.load(base, LoadOptions.frozen("cpu", dtype))) {
            assertThat(TinyAdapter.logits(model)).containsExactly(TinyAdapter.logits(bare));
            assertThat(model.parameters().keySet()).isEqualTo(bare.parameters().keySet());
            assertThat(model.parameters().values()).noneMatch(NDArray::hasGradient);
            assertThat(model.trainable()).hasSize(2 * 7 * 2).allSatisfy((name, tensor) -> {
                assertThat(tensor.hasGradient()).isTrue();
                assertThat(Tensors.dtype(tensor)).as(name).isEqualTo(Dtype.valueOf(dtype.toUpperCase(Locale.ROOT)));
            });
        }
    }

    /// PEFT starts A uniform in +-1/sqrt(in), whose standard deviation is 1/sqrt(3 in), and B with zeros.
    @Test
    void freshAdapter_startsAsPeftDoes_namedBySeedAndLayer() {
        String a = "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight";
        float[] values;
        try (PretrainedModel model = PretrainedModel.load(base, fresh("float32", 1, "all-linear"))) {
            values = TinyAdapter.values(Objects.requireNonNull(model.trainable().get(a)));
            double squares = 0;
            for (float value : values) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo((float) (1 / Math.sqrt(48)));
                squares += value * value;
            }
            assertThat(values).hasSize(4 * 48);
            assertThat(Math.sqrt(squares / values.length)).isCloseTo(1 / Math.sqrt(3 * 48), within(0.012));
            model.trainable().forEach((name, tensor) -> {
                if (name.contains("lora_B")) {
                    assertThat(TinyAdapter.values(tensor)).as(name).containsOnly(0);
                }
            });
        }
        try (PretrainedModel fewer = PretrainedModel.load(base, fresh("float32", 1, "down_proj"));
                PretrainedModel other = PretrainedModel.load(base, fresh("float32", 2, "down_proj"))) {
            assertThat(TinyAdapter.values(
                            Objects.requireNonNull(fewer.trainable().get(a))))
                    .containsExactly(values);
            assertThat(TinyAdapter.values(
                            Objects.requireNonNull(other.trainable().get(a))))
                    .isNotEqualTo(values);
        }
    }

    /// Changes every tensor of the adapter, exports, loads: the same logits, bit for bit, and PEFT's files.
    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void export_ofAnAdapter_loadsAgainToTheSameModel(String dtype) throws IOException {
        Path exported = directory.resolve("exported");
        float[] expected;
        try (PretrainedModel model =
                PretrainedModel.load(base, fresh(dtype, 1, "q_proj", "layers.1.mlp.up_proj", "lm_head"))) {
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                model.trainable().values().forEach(tensor -> tensor.addi(0.125f));
            }
            expected = TinyAdapter.logits(model);
            model.export(exported);
        }
        try (PretrainedModel again = PretrainedModel.load(exported, LoadOptions.frozen("cpu", dtype));
                PretrainedModel bare = PretrainedModel.load(base, LoadOptions.frozen("cpu", dtype))) {
            assertThat(TinyAdapter.logits(again)).containsExactly(expected).isNotEqualTo(TinyAdapter.logits(bare));
        }
        JsonNode config = JsonMapper.shared()
                .readTree(exported.resolve("adapter_config.json").toFile());
        assertThat(config.path("target_modules").toString())
                .isEqualTo("[\"q_proj\",\"layers.1.mlp.up_proj\",\"lm_head\"]");
        assertThat(config.path("r").asInt()).isEqualTo(4);
        assertThat(config.path("lora_alpha").asInt()).isEqualTo(8);
        assertThat(Path.of(config.path("base_model_name_or_path").asString()))
                .isAbsolute()
                .isEqualTo(base);
        try (SafetensorsFile file = SafetensorsFile.open(exported.resolve("adapter_model.safetensors"))) {
            assertThat(file.names())
                    .contains(
                            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                            "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight",
                            "base_model.model.lm_head.lora_A.weight")
                    .hasSize(8);
            String head = "base_model.model.lm_head.lora_B.weight";
            assertThat(file.dtype(head).name()).isEqualToIgnoringCase(dtype);
            assertThat(file.shape(head)).containsExactly(64, 4);
        }
        assertThat(Files.readString(exported.resolve("razor_adapter.json"))).contains(Sha256.ofModel(base));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            assertThat(exported.resolve(name)).hasSameBinaryContentAs(base.resolve(name));
        }
    }

    /// Patterns, another scale and layers chosen by a pattern survive.
    @Test
    void export_ofAForeignAdapter_computesTheSame() {
        Path adapter = adapter("""
                {"use_rslora": true, "lora_alpha": 2.5, "alpha_pattern": {"up_proj": 3}, "target_modules": ".*proj|lm_head"}
                """);
        Path exported = directory.resolve("exported");
        float[] expected;
        try (PretrainedModel model = PretrainedModel.load(adapter, new LoadOptions("cpu", "float32", true))) {
            assertThat(model.trainable()).hasSize(2 * 15);
            expected = TinyAdapter.logits(model);
            model.export(exported);
        }
        try (PretrainedModel again = PretrainedModel.load(exported, FLOAT32)) {
            assertThat(TinyAdapter.logits(again)).containsExactly(expected);
        }
    }

    /// Beside a new adapter the reference is the base over the same memory, whatever becomes of the adapter.
    @Test
    void reference_isTheModelThatTrainingBeganFrom() {
        Path adapter = adapter("{}");
        for (Path start : List.of(base, adapter)) {
            boolean isNew = start.equals(base);
            LoadOptions options = isNew ? fresh("float32", 1, "all-linear") : new LoadOptions("cpu", "float32", true);
            float[] expected;
            try (PretrainedModel frozen = PretrainedModel.load(start, FLOAT32)) {
                expected = TinyAdapter.logits(frozen);
            }
            try (PretrainedModel model = PretrainedModel.load(start, options)) {
                try (NDScope _ = new NDScope();
                        GradMode _ = GradMode.off()) {
                    model.trainable().values().forEach(tensor -> tensor.addi(0.1f));
                }
                try (PretrainedModel reference = model.reference()) {
                    assertThat(TinyAdapter.logits(reference)).containsExactly(expected);
                    assertThat(reference.trainable()).isEmpty();
                    NDArray head = Objects.requireNonNull(model.parameters().get("lm_head.weight"));
                    NDArray other =
                            Objects.requireNonNull(reference.parameters().get("lm_head.weight"));
                    assertThat(Tensors.memory(other).address()
                                    == Tensors.memory(head).address())
                            .as("shared memory")
                            .isEqualTo(isNew);
                }
                assertThat(TinyAdapter.logits(model))
                        .as("after the reference is closed")
                        .isNotEqualTo(expected);
            }
        }
    }

    private static String problem(Path model, LoadOptions options) {
        CheckpointException e = catchThrowableOfType(
                CheckpointException.class,
                () -> PretrainedModel.load(model, options).close());
        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        return e.problems().getFirst();
    }

    @Test
    void load_withAnotherBaseOfTheSameShapes_isRefused_unlessThePinIsDeleted() throws IOException {
        Path exported = directory.resolve("exported");
        try (PretrainedModel model = PretrainedModel.load(base, fresh("float32", 1, "q_proj"))) {
            model.export(exported);
        }
        String expected = Sha256.ofModel(base);
        Files.move(base, directory.resolve("moved"));
        TinyModel.write(base, TinyModel.UNTIED, 4, Dtype.FLOAT32, 60_000);
        assertThat(problem(exported, FLOAT32))
                .contains("razor_adapter.json", expected, Sha256.ofModel(base), base.toString(), "give that base");
        Files.delete(exported.resolve("razor_adapter.json"));
        PretrainedModel.load(exported, FLOAT32).close();
    }

    @Test
    void load_withoutItsBase_saysWhatToDo() {
        assertThat(problem(adapter("{\"base_model_name_or_path\": \"../none\"}"), FLOAT32))
                .contains("adapter_config.json: base_model_name_or_path: there is no model in", "none", "--base");
        Path first = adapter("{}");
        Path second = TinyAdapter.write(
                directory.resolve("second"), base, EVERY, "{\"base_model_name_or_path\": \"%s\"}".formatted(first));
        assertThat(problem(second, FLOAT32)).contains("is an adapter itself; merge that one first");
    }

    @Test
    void load_forABaseOfOtherShapes_namesTheTensor() {
        Path other = TinyModel.write(
                directory.resolve("other"), TinyModel.config(70, false), 3, Dtype.FLOAT32, 1_000_000_000);
        Path tied = TinyModel.write(directory.resolve("tied"), TinyModel.TIED, 3, Dtype.FLOAT32, 1_000_000_000);
        String change = "{\"base_model_name_or_path\": \"%s\"}";
        assertThat(problem(adapter(change.formatted(other)), FLOAT32))
                .contains("tensor base_model.model.lm_head.lora_B.weight has shape [64, 3], but rank 3 and " + other)
                .contains("ask for [70, 3]; give the base that the adapter was trained on");
        assertThat(problem(adapter(change.formatted(tied)), FLOAT32))
                .contains("adapts lm_head, which in " + tied + " is the token table");
        assertThat(problem(adapter("{\"r\": 5}"), FLOAT32)).contains("has shape [3, ", "but rank 5 and");
    }

    @Test
    void load_ofTensorsThatDoNotMatchTheConfiguration_isRefused() throws IOException {
        assertThat(problem(adapter("{\"target_modules\": [\"q_proj\", \"lm_head\"]}"), FLOAT32))
                .contains("which target_modules (q_proj, lm_head) does not name");
        Path some = TinyAdapter.write(
                directory.resolve("some"), base, List.of("q_proj"), "{\"target_modules\": [\"q_proj\", \"v_proj\"]}");
        assertThat(problem(some, FLOAT32))
                .contains("holds no tensors for model.layers.0.self_attn.v_proj, which target_modules names");
        Path file = some.resolve("adapter_model.safetensors");
        for (String name :
                List.of("base_model.model.model.embed_tokens.lora_embedding_A", "base_model.model.lm_head.weight")) {
            rewrite(file, name);
            assertThat(problem(some, FLOAT32)).contains("tensor " + name + " is not one of a low-rank update");
        }
        rewrite(file, "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
        assertThat(problem(some, FLOAT32))
                .contains("holds no tensor", "q_proj.lora_B.weight; the adapter is incomplete");
        Files.delete(file);
        assertThat(problem(some, FLOAT32)).contains(file + ": no such file; the adapter is incomplete");
        Files.writeString(some.resolve("adapter_model.bin"), "");
        assertThat(problem(some, FLOAT32)).contains("adapter_model.bin: Razor reads safetensors only");
    }

    private static void rewrite(Path file, String name) throws IOException {
        Files.delete(file);
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            NDArray ones = Tensors.zeros(manager, Dtype.FLOAT32, 3, 32);
            SafetensorsWriter.write(file, Map.of(name, ones), _ -> Dtype.FLOAT32);
        }
    }

    @Test
    void freshAdapter_forLayersThatAreNotThere_isRefused() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> PretrainedModel.load(base, fresh("float32", 1, "query")).close());
        assertThat(e.problems())
                .containsExactly(
                        "lora_target_modules: %s has no linear layer query; it has %s; name some of them, or all-linear"
                                .formatted(
                                        base,
                                        "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, lm_head"));
    }

    /// An adapter in another type than the model is rounded into the model's.
    @Test
    void load_inBfloat16_roundsTheAdapter() {
        try (PretrainedModel model = PretrainedModel.load(adapter("{}"), LoadOptions.frozen("cpu", "bfloat16"));
                PretrainedModel exact = PretrainedModel.load(directory.resolve("adapter"), FLOAT32);
                NDScope _ = new NDScope()) {
            var lora = Objects.requireNonNull(model.adapter()).layers().get("lm_head");
            var wide = Objects.requireNonNull(exact.adapter()).layers().get("lm_head");
            assertThat(TinyAdapter.values(Objects.requireNonNull(lora).a()))
                    .containsExactly(TinyAdapter.values(
                            Aten.to(Objects.requireNonNull(wide).a(), Dtype.BFLOAT16)));
        }
    }
}
