package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whole runs from a configuration: what they write, and that they write nothing when they cannot start.
final class SftRunTest {

    private static final List<String> COMPANIONS =
            List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

    @TempDir
    private Path directory;

    private Path data;
    private Path output;

    @BeforeEach
    void writeData() throws IOException {
        data = Files.writeString(directory.resolve("data.jsonl"), """
                {"prompt": "2 + 2 =", "completion": " 4"}
                {"prompt": "2 + 3 =", "completion": " 5"}
                """);
        output = directory.resolve("runs/one");
    }

    private void start(Path model, String... settings) {
        SftRun.start(SftTesting.config(model, data, output, settings), false, Progress.silent());
    }

    /// The stored type, whether the head is tied, the bytes a shard may have.
    @ParameterizedTest
    @CsvSource({
        "FLOAT32, true, 1000000000",
        "FLOAT32, false, 60000",
        "BFLOAT16, false, 1000000000",
        "BFLOAT16, true, 30000",
        "FLOAT16, true, 1000000000"
    })
    void start_exportsWhatWasTrained_inTheStoredType(Dtype stored, boolean tied, long maxShardBytes) {
        Path source =
                TinyModel.write(directory.resolve("model"), TinyModel.config(784, tied), 1, stored, maxShardBytes);
        start(source, "learning_rate: 1e-2", "lr_scheduler_type: constant", "max_steps: 2");
        Path result = TrainingOutput.finalModel(output);
        Map<String, float[]> before = weights(source, stored);
        Map<String, float[]> after = weights(result, stored);
        assertThat(after).containsOnlyKeys(before.keySet());
        assertThat(after.containsKey("lm_head.weight")).isNotEqualTo(tied);
        after.forEach((name, values) -> {
            assertThat(values).as(name).hasSameSizeAs(before.get(name));
            // A key's bias shifts a query's scores all alike, so that it may stay where it is.
            if (!name.endsWith("k_proj.bias")) {
                assertThat(values).as(name).isNotEqualTo(before.get(name));
            }
        });
        for (String name : COMPANIONS) {
            assertThat(result.resolve(name)).hasSameBinaryContentAs(source.resolve(name));
        }
        ObjectNode config = json(source);
        config.put(
                "torch_dtype",
                switch (stored) {
                    case BFLOAT16 -> "bfloat16";
                    case FLOAT16 -> "float16";
                    default -> "float32";
                });
        assertThat(json(result)).isEqualTo(config);
        assertThat(shards(result)).as("weight files, as those that were read").isEqualTo(shards(source));
    }

    /// Of 165 kB: a model in one file becomes several, one in several becomes one, an unknown size is refused.
    @Test
    void start_exportsShardsOfTheChosenSize() {
        Path whole = TinyModel.write(directory.resolve("one"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1L << 30);
        start(whole, "learning_rate: 1e-2", "max_steps: 1", "max_shard_size: 60KB");
        assertThat(shards(TrainingOutput.finalModel(output))).hasSizeGreaterThan(2);
        Path sharded =
                TinyModel.write(directory.resolve("many"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 60_000);
        output = directory.resolve("runs/two");
        start(sharded, "learning_rate: 1e-2", "max_steps: 1", "max_shard_size: 1GB");
        assertThat(shards(TrainingOutput.finalModel(output))).containsExactly("model.safetensors");
        assertThat(catchThrowableOfType(
                        ConfigException.class, () -> start(whole, "learning_rate: 1", "max_shard_size: huge")))
                .hasMessageContaining("max_shard_size must be a size such as 5GB or 500MB, got huge");
    }

    private static List<String> shards(Path model) {
        try (Stream<Path> files = Files.list(model)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("model"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode json(Path model) {
        return (ObjectNode)
                JsonMapper.shared().readTree(model.resolve("config.json").toFile());
    }

    private static Map<String, float[]> weights(Path model, Dtype stored) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                Checkpoint checkpoint = Checkpoint.open(model)) {
            for (String name : checkpoint.names()) {
                assertThat(checkpoint.fileOf(name).dtype(name)).isEqualTo(stored);
                weights.put(
                        name,
                        checkpoint
                                .fileOf(name)
                                .copy(manager, name, Dtype.FLOAT32)
                                .toFloatArray());
            }
        }
        return weights;
    }

    /// What is in memory after training is what a new process loads.
    @Test
    void export_loadsAgainToEqualWeights() {
        Path exported = directory.resolve("exported");
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), new LoadOptions("cpu", "auto", true))) {
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                for (NDArray parameter : model.parameters().values()) {
                    parameter.muli(1.5);
                }
            }
            model.export(exported);
            try (PretrainedModel again = PretrainedModel.load(exported, LoadOptions.frozen("cpu", "auto"))) {
                assertThat(again.parameters().keySet())
                        .containsExactlyElementsOf(model.parameters().keySet());
                again.parameters()
                        .forEach((name, value) -> assertThat(value.toFloatArray())
                                .as(name)
                                .containsExactly(Aten.detach(Objects.requireNonNull(
                                                model.parameters().get(name)))
                                        .toFloatArray()));
            }
        }
    }

    @Test
    void start_writesItsWholeConfiguration() throws IOException {
        start(Golden.model(), "learning_rate: 1e-3", "max_steps: 1");
        assertThat(Files.readString(output.resolve("config.yaml")))
                .contains("learning_rate: 0.001", "max_length: 1024", "adam_beta2: 0.999", "seed: 42");
        JsonNode line = SftTesting.metrics(output).getFirst();
        assertThat(line.path("step").asInt()).isEqualTo(1);
    }

    @Test
    void start_intoADirectoryThatHoldsSomething_isRefused_andTouchesNothing() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("mine.txt"), "mine");
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> start(Golden.model(), "learning_rate: 1e-3", "max_steps: 1"));
        assertThat(e.problems()).singleElement().asString().contains("output: " + output, "not empty");
        try (var files = Files.list(output)) {
            assertThat(files).singleElement().isEqualTo(output.resolve("mine.txt"));
        }
    }

    @Test
    void start_withBadDataOrModel_writesNothing() throws IOException {
        Files.writeString(data, "{\"prompt\": \"a\"}\n");
        assertThat(catchThrowableOfType(
                        DataException.class, () -> start(Golden.model(), "learning_rate: 1e-3", "max_steps: 1")))
                .hasMessageContaining(data + ":1: completion: missing");
        assertThat(catchThrowableOfType(
                        CheckpointException.class,
                        () -> start(directory.resolve("none"), "learning_rate: 1e-3", "max_steps: 1")))
                .hasMessageContaining("none is not a directory");
        assertThat(output).doesNotExist();
        assertThat(output.getParent()).doesNotExist();
    }

    @Test
    void start_withAPromptLongerThanTheModelsContext_isRefused() throws IOException {
        Path model = TinyModel.write(
                directory.resolve("model"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1_000_000_000);
        Files.writeString(data, "{\"prompt\": \"" + "a b c ".repeat(300) + "\", \"completion\": \"x\"}\n");
        assertThat(catchThrowableOfType(DataException.class, () -> start(model, "learning_rate: 1e-3", "max_steps: 1")))
                .hasMessageStartingWith(
                        data + ": none of its 1 records has something to train on within max_length = 512");
        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> start(model, "learning_rate: 1e-3", "max_steps: 1", "max_length: 5000")))
                .hasMessage("max_length: 5000 is more than the model's context of 512 tokens; lower it");
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", ".nan", ".inf", "big"})
    void config_refusesALearningRateThatIsNone(String rate) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> SftTesting.config(output, "learning_rate: " + rate));
        assertThat(e.problems()).singleElement().asString().contains("learning_rate");
    }
}
