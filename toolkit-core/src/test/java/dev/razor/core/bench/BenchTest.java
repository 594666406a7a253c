package dev.razor.core.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.plan.DeviceName;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchTest {

    private static final String TINY = """
            vocab_size: 64
            hidden_size: 32
            intermediate_size: 48
            num_hidden_layers: 2
            num_attention_heads: 4
            num_key_value_heads: 2
            per_device_train_batch_size: 2
            max_length: 8
            warmup_steps: 1
            measured_steps: 3
            decode_batch_sizes: [1, 3]
            decode_prompt_length: 4
            decode_new_tokens: 5
            device: cpu
            """;

    @TempDir
    private Path directory;

    private static BenchConfig config(String... settings) {
        return ConfigLoader.parse(TINY, "tiny", List.of(settings), BenchConfig.class);
    }

    @Test
    void run_measuresTrainingAndDecoding() {
        for (String dtype : List.of("float32", "bfloat16")) {
            BenchReport report = Bench.run(
                    config("dtype=" + dtype, "gradient_checkpointing=" + dtype.equals("bfloat16")), Progress.silent());
            TrainingSpeed training = Objects.requireNonNull(report.training());
            assertThat(training.step().median()).isPositive();
            assertThat(training.step().lowerQuartile())
                    .isLessThanOrEqualTo(training.step().median());
            assertThat(training.step().upperQuartile())
                    .isGreaterThanOrEqualTo(training.step().median());
            assertThat(training.tokensPerSecond() * training.step().median()).isCloseTo(2 * 8, within());
            assertThat(report.decoding()).extracting(DecodingSpeed::batch).containsExactly(1, 3);
            assertThat(report.decoding()).allMatch(speed -> speed.tokensPerSecond() > 0);
            assertThat(report.utilisation()).isEmpty(); // no data sheet for a CPU
            assertThat(report.matmulShare().orElseThrow())
                    .isCloseTo(
                            training.tokensPerSecond() * report.flopsPerToken() / report.matmulFlopsPerSecond(),
                            within());
        }
    }

    /// Prompts of 2, 4 and 6 tokens, two completions of 7 each: 13 positions where 9 were enough otherwise.
    @Test
    void run_measuresARollout() {
        BenchReport report = Bench.run(
                config(
                        "decode_batch_sizes=[]",
                        "measured_steps=0",
                        "rollout_prompts=3",
                        "rollout_completions=2",
                        "rollout_new_tokens=7",
                        "rollout_slots=4",
                        "rollout_repeats=2"),
                Progress.silent());
        RolloutSpeed rollout = Objects.requireNonNull(report.rollout());
        assertThat(report.shape().maxPositionEmbeddings()).isEqualTo(13);
        assertThat(rollout.sequences()).isEqualTo(6);
        assertThat(rollout.slots()).isEqualTo(4);
        assertThat(rollout.tokensPerSecond().median()).isPositive();
        assertThat(rollout.tokensPerSecondAlone().median()).isPositive();
        assertThat(rollout.ratio().lowerQuartile())
                .isLessThanOrEqualTo(rollout.ratio().median());
        JsonNode json = report.toJson().path("rollout");
        assertThat(json.path("ratio").path("median").asDouble())
                .isEqualTo(rollout.ratio().median());
        assertThat(Bench.run(config("decode_batch_sizes=[]", "measured_steps=0"), Progress.silent())
                        .rollout())
                .isNull();
        assertThatThrownBy(() -> config("rollout_prompts=-1", "rollout_repeats=0"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rollout_prompts must not be negative, got -1");
    }

    private static Percentage within() {
        return Percentage.withPercentage(1e-6);
    }

    @Test
    void toJson_holdsWhatWasMeasured() {
        JsonNode json =
                Bench.run(config("decode_batch_sizes=[]"), Progress.silent()).toJson();
        assertThat(json.path("device").asString()).isEqualTo("cpu");
        assertThat(json.path("training").path("step_seconds").path("median").asDouble())
                .isPositive();
        assertThat(json.path("training").path("mfu").isNull()).isTrue();
        assertThat(json.path("decoding")).isEmpty();
        assertThat(json.path("config").path("hidden_size").asInt()).isEqualTo(32);
    }

    @Test
    void run_takesTheShapeOfAModelDirectory() throws IOException {
        Files.writeString(directory.resolve("config.json"), TinyModel.json(TinyModel.UNTIED));
        BenchConfig config = ConfigLoader.parse(
                "model: %s\nmax_length: 8\nmeasured_steps: 0\ndecode_batch_sizes: []\ndevice: cpu".formatted(directory),
                "test",
                List.of(),
                BenchConfig.class);
        BenchReport report = Bench.run(config, Progress.silent());
        assertThat(report.shape()).isEqualTo(TinyModel.UNTIED);
        assertThat(report.training()).isNull();
        BenchConfig longer = ConfigLoader.parse(
                "model: %s\nmax_length: 4096\ndevice: cpu".formatted(directory), "test", List.of(), BenchConfig.class);
        assertThatThrownBy(() -> Bench.run(longer, Progress.silent()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("4096 positions are measured, the model in %s has 512".formatted(directory));
    }

    @Test
    void run_refusesWhatCannotFit() {
        assertThatThrownBy(() -> Bench.run(config("per_device_train_batch_size=2000000000"), Progress.silent()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("memory: the run needs");
    }

    @Test
    void config_needsEitherAModelOrAllSizes() {
        for (String setting : List.of("model=somewhere", "hidden_size=null")) {
            assertThatThrownBy(() -> config(setting))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("give either model or all of vocab_size");
        }
    }

    @Test
    void randomModel_isThatOfItsSeed() {
        try (RandomModel one = new RandomModel("cpu", TinyModel.TIED, Dtype.FLOAT32, 1);
                RandomModel two = new RandomModel("cpu", TinyModel.TIED, Dtype.FLOAT32, 1);
                RandomModel narrow = new RandomModel("cpu", TinyModel.TIED, Dtype.BFLOAT16, 1)) {
            one.parameters()
                    .forEach((name, value) -> assertThat(value.toFloatArray())
                            .isEqualTo(Objects.requireNonNull(two.parameters().get(name))
                                    .toFloatArray()));
            NDArray weight = Objects.requireNonNull(one.parameters().get("model.embed_tokens.weight"));
            assertThat(weight.toFloatArray()).doesNotContain(0);
            assertThat(narrow.parameters().values()).allMatch(value -> Tensors.dtype(value) == Dtype.BFLOAT16);
        }
    }

    /// Sorted 1 2 4 8: the median lies between 2 and 4, the lower quartile three quarters of the way from 1 to 2.
    @Test
    void spread_isInterpolated() {
        assertThat(Spread.of(new double[] {8, 1, 4, 2})).isEqualTo(new Spread(3, 1.75, 5));
        assertThat(Spread.of(new double[] {7})).isEqualTo(new Spread(7, 7, 7));
    }

    @Test
    void deviceName_isWhatTheDriverSays() throws IOException {
        Path gpu = Files.createDirectories(directory.resolve("0000:01:00.0"));
        Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA H200\nIRQ: 1\n");
        assertThat(DeviceName.gpu(directory)).isEqualTo("NVIDIA H200");
        assertThat(DeviceName.gpu(directory.resolve("none"))).isEqualTo("unknown");
    }
}
