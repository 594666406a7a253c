package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.razor.core.base.ConfigException;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.optim.AdamW;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyAdapter;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Runs that train an adapter.
final class SftLoraTest {

    @TempDir
    private Path directory;

    private Path base;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        base = TinyModel.write(directory.resolve("base"), TinyModel.config(784, false), 1, Dtype.FLOAT32, 60_000);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            lines.append("{\"prompt\": \"%d + 2 =\", \"completion\": \" %d\"}\n".formatted(i, i + 2));
        }
        data = Files.writeString(directory.resolve("data.jsonl"), lines);
    }

    /// Four steps of an adapter of rank 3 and alpha 9, with the keys in `more` put in place of these.
    private SftConfig config(Path model, String name, String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        for (String setting : List.of(
                "learning_rate: 1e-2",
                "lr_scheduler_type: constant",
                "max_steps: 4",
                "per_device_train_batch_size: 3",
                "use_peft: true",
                "lora_r: 3",
                "lora_alpha: 9")) {
            String key = setting.substring(0, setting.indexOf(':') + 1);
            if (settings.stream().noneMatch(given -> given.startsWith(key))) {
                settings.add(setting);
            }
        }
        return SftTesting.config(model, data, directory.resolve(name), settings.toArray(String[]::new));
    }

    private Path train(Path model, String name, String... more) {
        SftRun.start(config(model, name, more), false, Progress.silent());
        return TrainingOutput.finalModel(directory.resolve(name));
    }

    private static Map<String, float[]> copies(Map<String, NDArray> tensors) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> copies.put(name, TinyAdapter.values(tensor)));
        return copies;
    }

    /// The base's weights stay, bit for bit, every A and B moves, the loss falls, and what is loaded again is
    /// what was trained.
    @ParameterizedTest
    @CsvSource({"float32, false", "float32, true", "bfloat16, false", "bfloat16, true"})
    void train_movesTheAdapterAlone(String dtype, boolean recompute) {
        SftConfig config = config(
                base,
                "run",
                "dtype: " + dtype,
                "gradient_checkpointing: " + recompute,
                "lora_target_modules: [all-linear, lm_head]");
        float[] logits;
        var options = new LoadOptions("cpu", dtype, true, config.lora().adapter(42));
        try (PretrainedModel model = PretrainedModel.load(base, options);
                TrainingOutput output =
                        TrainingOutput.open(config.output(), RunIdentity.of("sft", config), config.training(), false)) {
            Map<String, float[]> weights = copies(model.parameters());
            Map<String, float[]> adapter = copies(model.trainable());
            int before = model.manager().getManagedArrays().size();
            new SftTrainer(model, SftTesting.rows("adamw.json").subList(0, 6), config.training())
                    .train(output, Progress.silent());
            assertThat(model.manager().getManagedArrays()).as("native arrays").hasSize(before);
            copies(model.parameters())
                    .forEach((name, values) -> assertThat(values).as(name).containsExactly(weights.get(name)));
            assertThat(adapter).hasSize(2 * 15);
            copies(model.trainable())
                    .forEach((name, values) -> assertThat(values).as(name).isNotEqualTo(adapter.get(name)));
            logits = TinyAdapter.logits(model);
        }
        List<ObjectNode> metrics = SftTesting.metrics(config.output());
        assertThat(metrics.getLast().path("loss").asDouble())
                .isLessThan(metrics.getFirst().path("loss").asDouble() - 0.01);
        Path result = TrainingOutput.finalModel(config.output());
        assertThat(result.resolve("config.json")).doesNotExist();
        assertThat(result.resolve("model.safetensors")).doesNotExist();
        try (PretrainedModel again = PretrainedModel.load(result, LoadOptions.frozen("cpu", dtype))) {
            assertThat(TinyAdapter.logits(again)).containsExactly(logits);
        }
    }

    /// One step in float32 with B zero: A's gradient is zero, so it stays; B moves by the learning rate in
    /// every entry that has a gradient, as AdamW's first step does.
    @Test
    void train_oneStep_movesBAlone() {
        Path result = train(base, "run", "max_steps: 1", "weight_decay: 0", "max_grad_norm: 0");
        try (PretrainedModel before = PretrainedModel.load(
                        base,
                        new LoadOptions(
                                "cpu", "float32", true, config(base, "x").lora().adapter(42)));
                PretrainedModel after = PretrainedModel.load(result, LoadOptions.frozen("cpu", "float32"))) {
            Map<String, float[]> start = copies(before.trainable());
            Objects.requireNonNull(after.adapter()).tensors().forEach((name, tensor) -> {
                float[] values = TinyAdapter.values(tensor);
                if (name.contains("lora_A")) {
                    assertThat(values).as(name).containsExactly(start.get(name));
                } else {
                    for (float value : values) {
                        assertThat(Math.abs(value)).as(name).isLessThan(0.0101f);
                    }
                }
            });
        }
    }

    /// Where only the head has an adapter, nothing below it has a gradient to go back through.
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void train_ofTheHeadAlone_works(boolean recompute) {
        Path result = train(base, "run", "lora_target_modules: [lm_head]", "gradient_checkpointing: " + recompute);
        try (PretrainedModel model = PretrainedModel.load(result, LoadOptions.frozen("cpu", "float32"))) {
            assertThat(Objects.requireNonNull(model.adapter()).layers().keySet())
                    .containsExactly("lm_head");
        }
        List<ObjectNode> metrics = SftTesting.metrics(directory.resolve("run"));
        assertThat(metrics.getLast().path("loss").asDouble())
                .isLessThan(metrics.getFirst().path("loss").asDouble());
    }

    /// The adapter in bfloat16 has float32 master copies: steps far below its precision add up.
    @Test
    void update_inBfloat16_keepsAMasterCopy() {
        var options = new LoadOptions(
                "cpu", "bfloat16", true, config(base, "x").lora().adapter(42));
        try (PretrainedModel model = PretrainedModel.load(base, options);
                AdamW adamW = new AdamW(model.trainable(), new AdamW.Settings(0.9, 0.999, 1e-8, 0))) {
            Map<String, NDArray> state = adamW.state();
            model.trainable().forEach((name, tensor) -> {
                assertThat(Tensors.dtype(tensor)).isEqualTo(Dtype.BFLOAT16);
                assertThat(Tensors.dtype(Objects.requireNonNull(state.get(name + ".weight"))))
                        .as(name)
                        .isEqualTo(Dtype.FLOAT32);
            });
        }
    }

    /// An adapter's directory as the model: its own rank, scale and base, whatever the keys say.
    @Test
    void train_fromAnAdapter_trainsItOn() {
        Path first = train(base, "first", "lora_target_modules: [q_proj, up_proj]");
        Path second = train(first, "second", "lora_r: 7", "use_peft: false");
        JsonNode config = JsonMapper.shared()
                .readTree(second.resolve("adapter_config.json").toFile());
        assertThat(second.resolve("README.md")).content().contains("library_name: peft");
        assertThat(config.path("r").asInt()).isEqualTo(3);
        assertThat(config.path("lora_alpha").asInt()).isEqualTo(9);
        assertThat(config.path("target_modules").toString()).isEqualTo("[\"q_proj\",\"up_proj\"]");
        assertThat(Path.of(config.path("base_model_name_or_path").asString())).isEqualTo(base);
        Path still = train(first, "still", "learning_rate: 1e-12");
        try (PretrainedModel one = PretrainedModel.load(first, LoadOptions.frozen("cpu", "float32"));
                PretrainedModel two = PretrainedModel.load(second, LoadOptions.frozen("cpu", "float32"));
                PretrainedModel same = PretrainedModel.load(still, LoadOptions.frozen("cpu", "float32"))) {
            float[] logits = TinyAdapter.logits(one);
            assertThat(TinyAdapter.logits(same))
                    .as("starts where the first run ended")
                    .containsExactly(logits, within(1e-6f));
            assertThat(Math.abs(TinyAdapter.logits(two)[0] - logits[0])).isGreaterThan(1e-4f);
        }
    }

    /// A run that is cut off and resumed ends in the same bytes.
    @ParameterizedTest
    @CsvSource({"float32", "bfloat16"})
    void resume_endsInTheSameBytes(String dtype) throws IOException {
        String[] settings = {"save_steps: 1", "dtype: " + dtype};
        Path whole = train(base, "whole", settings);
        final class Killed extends RuntimeException {
            private static final long serialVersionUID = 1;
        }
        assertThat(catchThrowableOfType(
                        Killed.class,
                        () -> SftRun.start(config(base, "killed", settings), false, (_, done, _, _) -> {
                            if (done == 3) {
                                throw new Killed();
                            }
                        })))
                .isNotNull();
        SftRun.start(config(base, "killed", settings), true, Progress.silent());
        Path resumed = TrainingOutput.finalModel(directory.resolve("killed"));
        for (String name : List.of("adapter_model.safetensors", "adapter_config.json", "razor_adapter.json")) {
            assertThat(resumed.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
        }
        assertThat(SftTesting.metrics(directory.resolve("killed")))
                .isEqualTo(SftTesting.metrics(directory.resolve("whole")));
    }

    /// The penalty's base is the model without the adapter, which agrees with it to the bit at the first step.
    @Test
    void train_withAPenalty_takesTheBaseWithoutTheAdapter() {
        train(base, "run", "beta: 1.0");
        List<ObjectNode> metrics = SftTesting.metrics(directory.resolve("run"));
        assertThat(metrics.getFirst().path("kl").asDouble(-1)).isZero();
        assertThat(metrics.getLast().path("kl").asDouble(-1)).isPositive();
    }

    @Test
    void start_withTargetsThatAreNotThere_isRefused_andWritesNothing() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> train(base, "run", "lora_target_modules: [c_attn, q_proj]"));
        assertThat(e.problems())
                .singleElement()
                .asString()
                .startsWith("lora_target_modules: " + base + " has no linear layer c_attn; it has q_proj, ");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void start_readsTheBaseWithoutWritingToIt() throws IOException {
        Map<String, byte[]> before = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(base);
                var files = Files.list(base)) {
            assertThat(checkpoint.shards()).isGreaterThan(1);
            for (Path file : files.toList()) {
                before.put(file.toString(), Files.readAllBytes(file));
            }
        }
        train(base, "run");
        before.forEach((file, bytes) -> assertThat(Path.of(file)).hasBinaryContent(bytes));
    }
}
