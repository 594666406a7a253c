package dev.razor.core.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.ConfigException;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyAdapter;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AdapterMergeTest {

    private static final LoadOptions FLOAT32 = LoadOptions.frozen("cpu", "float32");

    @TempDir
    private Path directory;

    private Path merged;

    @BeforeEach
    void nameTarget() {
        merged = directory.resolve("merged");
    }

    private Path base(boolean tied, Dtype stored, long maxShardBytes) {
        return TinyModel.write(directory.resolve("base"), TinyModel.config(64, tied), 3, stored, maxShardBytes);
    }

    private Path adapter(Path base, String... modules) {
        return TinyAdapter.write(directory.resolve("adapter"), base, List.of(modules), "{}");
    }

    @ParameterizedTest
    @CsvSource({"true, 1000000000", "false, 60000"})
    void merged_computesWhatTheAdapterDoes(boolean tied, long maxShardBytes) throws IOException {
        Path base = base(tied, Dtype.FLOAT32, maxShardBytes);
        Path adapter = tied ? adapter(base, "q_proj", "up_proj", "down_proj") : adapter(base, "v_proj", "lm_head");
        AdapterMerge.write(adapter, null, merged);
        try (PretrainedModel expected = PretrainedModel.load(adapter, FLOAT32);
                PretrainedModel found = PretrainedModel.load(merged, FLOAT32)) {
            float[] logits = TinyAdapter.logits(expected);
            float largest = 1;
            for (float logit : logits) {
                largest = Math.max(largest, Math.abs(logit));
            }
            assertThat(TinyAdapter.logits(found)).containsExactly(logits, within(1e-5f * largest));
        }
        assertThat(files(merged)).isEqualTo(files(base));
        for (String name :
                List.of("config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            assertThat(merged.resolve(name)).hasSameBinaryContentAs(base.resolve(name));
        }
    }

    private static List<String> files(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// W + scale B A in double by plain loops, rounded once; weights without an adapter keep their bytes.
    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
    void merged_isRoundedOnce_andLeavesOtherWeightsAlone(Dtype stored) {
        Path base = base(false, stored, 60_000);
        Path adapter = adapter(base, "layers.1.mlp.gate_proj");
        AdapterMerge.write(adapter, null, merged);
        String merges = "model.layers.1.mlp.gate_proj.weight";
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(merged);
                SafetensorsFile update = SafetensorsFile.open(adapter.resolve("adapter_model.safetensors"));
                NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
            for (String name : before.names()) {
                assertThat(after.fileOf(name).dtype(name)).isEqualTo(stored);
                assertThat(after.shardOf(name)).isEqualTo(before.shardOf(name));
                byte[] expected = bytes(before, manager, name);
                assertThat(bytes(after, manager, name)).as(name).satisfies(found -> {
                    if (name.equals(merges)) {
                        assertThat(found).isNotEqualTo(expected);
                    } else {
                        assertThat(found).isEqualTo(expected);
                    }
                });
            }
            float[] w =
                    before.fileOf(merges).copy(manager, merges, Dtype.FLOAT32).toFloatArray();
            float[] found =
                    after.fileOf(merges).copy(manager, merges, Dtype.FLOAT32).toFloatArray();
            String prefix = "base_model.model.model.layers.1.mlp.gate_proj.";
            float[] a = update.copy(manager, prefix + "lora_A.weight", Dtype.FLOAT32)
                    .toFloatArray();
            float[] b = update.copy(manager, prefix + "lora_B.weight", Dtype.FLOAT32)
                    .toFloatArray();
            double step = switch (stored) {
                case BFLOAT16 -> 0x1p-8;
                case FLOAT16 -> 0x1p-11;
                default -> 0x1p-23;
            };
            for (int i = 0; i < w.length; i++) {
                double sum = w[i];
                for (int k = 0; k < 3; k++) {
                    sum += 2.0 * b[i / 32 * 3 + k] * a[k * 32 + i % 32];
                }
                // Half a unit in the last place, and the float32 sum's own error.
                assertThat((double) found[i]).isCloseTo(sum, within(step * Math.abs(sum) + 1e-6));
            }
        }
    }

    private static byte[] bytes(Checkpoint checkpoint, NDManager manager, String name) {
        var view = checkpoint.fileOf(name).view(manager, name);
        return Tensors.memory(view).toArray(ValueLayout.JAVA_BYTE);
    }

    /// A tied model may store its head a second time; it is left out, and the table, which is the head, stays.
    @Test
    void merged_doesNotDuplicateATiedHead() throws IOException {
        Path base = base(false, Dtype.FLOAT32, 1_000_000_000);
        Path config = base.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        AdapterMerge.write(adapter(base, "q_proj"), null, merged);
        try (Checkpoint checkpoint = Checkpoint.open(merged)) {
            assertThat(checkpoint.names()).contains("model.embed_tokens.weight").doesNotContain("lm_head.weight");
        }
    }

    @Test
    void write_takesAnotherPlaceForTheBase() {
        Path base = base(true, Dtype.FLOAT32, 1_000_000_000);
        Path adapter = TinyAdapter.write(
                directory.resolve("adapter"), base, List.of("q_proj"), "{\"base_model_name_or_path\": \"org/model\"}");
        assertThat(problem(adapter, null)).contains("there is no model in", "org/model", "razor merge takes --base");
        assertThat(problem(adapter, directory))
                .contains(directory + ": holds no config.json; give the base model's directory");
        assertThat(problem(adapter, adapter)).contains("is an adapter itself");
        assertThat(problem(base, base))
                .contains(base + ": holds no adapter_config.json; give a PEFT adapter's directory");
        assertThat(merged).doesNotExist();
        AdapterMerge.write(adapter, base, merged);
        assertThat(merged.resolve("model.safetensors")).exists();
        ConfigException again =
                catchThrowableOfType(ConfigException.class, () -> AdapterMerge.write(adapter, base, merged));
        assertThat(again.problems()).singleElement().asString().contains("output: " + merged + " exists");
    }

    private String problem(Path adapter, @Nullable Path base) {
        CheckpointException e =
                catchThrowableOfType(CheckpointException.class, () -> AdapterMerge.write(adapter, base, merged));
        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        return e.problems().getFirst();
    }
}
