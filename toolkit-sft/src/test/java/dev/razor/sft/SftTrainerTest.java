package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.ConfigException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class SftTrainerTest {

    private static final List<TokenSequence> ROWS = SftTesting.rows("adamw.json");

    @TempDir
    private Path directory;

    /// Trains the golden model on `examples` and returns the metrics' lines.
    private static List<ObjectNode> train(List<TokenSequence> examples, SftConfig config) {
        var options = new LoadOptions("cpu", config.training().dtype(), true);
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), options);
                TrainingOutput output =
                        TrainingOutput.open(config.output(), RunIdentity.of("sft", config), config.training(), false)) {
            int before = model.manager().getManagedArrays().size();
            new SftTrainer(model, examples, config.training()).train(output, Progress.silent());
            assertThat(model.manager().getManagedArrays())
                    .as("native arrays after the run")
                    .hasSize(before);
        }
        return SftTesting.metrics(config.output());
    }

    /// The reference runs take the rows in their order, four a step: the examples are laid out such that the
    /// plan's permutation brings them back into it.
    private static List<TokenSequence> inPlanOrder(StepPlan plan) {
        TokenSequence[] examples = new TokenSequence[ROWS.size()];
        int next = 0;
        for (int step = 0; step < plan.stepsPerEpoch(); step++) {
            for (int[] batch : plan.microBatches(step)) {
                for (int index : batch) {
                    examples[index] = ROWS.get(next++);
                }
            }
        }
        return List.of(examples);
    }

    /// Five of the schedule's ten steps, then the parameters of the checkpoint. The same with one row a forward
    /// pass.
    @ParameterizedTest
    @CsvSource({"4, 1", "1, 4"})
    void train_repeatsTheReferenceRun(int batchSize, int accumulation) {
        Path output = directory.resolve("run");
        SftConfig config = SftTesting.config(
                output,
                "learning_rate: 1e-3",
                "lr_scheduler_type: cosine_with_min_lr",
                "warmup_steps: 2",
                "max_steps: 10",
                "weight_decay: 0.1",
                "adam_beta2: 0.95",
                "save_steps: 5",
                "per_device_train_batch_size: " + batchSize,
                "gradient_accumulation_steps: " + accumulation);
        List<ObjectNode> metrics = train(inPlanOrder(config.training().plan(20)), config);
        assertThat(metrics).hasSize(10);
        JsonNode steps =
                Golden.json("adamw.json").path("runs").path("lr_starts_at_zero").path("steps");
        for (int i = 0; i < 5; i++) {
            JsonNode found = metrics.get(i);
            JsonNode expected = steps.get(i);
            assertThat(found.path("learning_rate").asDouble())
                    .isCloseTo(expected.path("lr").asDouble(), within(1e-9));
            assertThat(found.path("loss").asDouble())
                    .as("loss of step %d", i)
                    .isCloseTo(expected.path("loss").asDouble(), within(1e-4));
            double norm = expected.path("grad_norm_before_clip").asDouble();
            assertThat(found.path("grad_norm").asDouble())
                    .as("gradient norm of step %d", i)
                    .isCloseTo(norm, within(2e-4 * norm));
            assertThat(found.path("trained_tokens").asInt())
                    .isEqualTo(expected.path("label_tokens").asInt());
        }
        assertCloseToReference(TrainingOutput.checkpoint(output, 5).resolve("model.safetensors"));
    }

    /// By root mean square and the share of close entries, as golden/README.md says.
    private static void assertCloseToReference(Path weights) {
        long close = 0;
        long all = 0;
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                SafetensorsFile found = SafetensorsFile.open(weights);
                SafetensorsFile expected = SafetensorsFile.open(
                        Golden.directory().resolve("golden/adamw_lr_starts_at_zero.safetensors"))) {
            assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String name : found.names()) {
                float[] a = found.copy(manager, name, Dtype.FLOAT32).toFloatArray();
                float[] b = expected.copy(manager, name, Dtype.FLOAT32).toFloatArray();
                double squares = 0;
                for (int i = 0; i < a.length; i++) {
                    double difference = Math.abs(a[i] - b[i]);
                    assertThat(difference).as(name).isLessThan(2e-3);
                    squares += difference * difference;
                    close += difference <= 1e-4 ? 1 : 0;
                }
                all += a.length;
                double bound = found.shape(name).length > 1 ? 1e-5 : 3e-5;
                assertThat(Math.sqrt(squares / a.length)).as(name).isLessThanOrEqualTo(bound);
            }
        }
        assertThat((double) close / all).isGreaterThan(0.999);
    }

    @ParameterizedTest
    @CsvSource({"float32", "bfloat16"})
    void train_overfitsOneBatch(String dtype) {
        List<ObjectNode> metrics = train(
                ROWS.subList(0, 4),
                SftTesting.config(
                        directory.resolve("run"),
                        "learning_rate: 1e-2",
                        "lr_scheduler_type: constant",
                        "max_steps: 25",
                        "dtype: " + dtype));
        assertThat(metrics.getLast().path("loss").asDouble())
                .isLessThan(0.1 * metrics.getFirst().path("loss").asDouble());
    }

    /// Eight rows a step, cut three ways: rows have 3 to 30 trained tokens, so that a mean of means would show.
    @Test
    void train_doesNotDependOnHowAStepIsCut() {
        List<ObjectNode> whole = cut(8, 1);
        for (int batchSize : new int[] {4, 1}) {
            List<ObjectNode> cut = cut(batchSize, 8 / batchSize);
            for (int step = 0; step < 2; step++) {
                for (String key : new String[] {"loss", "grad_norm"}) {
                    double expected = whole.get(step).path(key).asDouble();
                    assertThat(cut.get(step).path(key).asDouble())
                            .as("%s of step %d in batches of %d", key, step + 1, batchSize)
                            .isCloseTo(expected, within(1e-6 * Math.max(1, expected) * (step == 0 ? 1 : 10)));
                }
                assertThat(cut.get(step).path("tokens"))
                        .isEqualTo(whole.get(step).path("tokens"));
            }
        }
    }

    private List<ObjectNode> cut(int batchSize, int accumulation) {
        return train(
                ROWS.subList(0, 16),
                SftTesting.config(
                        directory.resolve("cut-" + batchSize),
                        "learning_rate: 1e-4",
                        "num_train_epochs: 1",
                        "per_device_train_batch_size: " + batchSize,
                        "gradient_accumulation_steps: " + accumulation));
    }

    @Test
    void train_withTheSameSeed_writesTheSameBytes() throws IOException {
        byte[][] weights = new byte[3][];
        List<List<ObjectNode>> metrics = new java.util.ArrayList<>();
        int[] seeds = {1, 1, 2};
        for (int i = 0; i < 3; i++) {
            Path output = directory.resolve("run-" + i);
            metrics.add(train(
                    ROWS,
                    SftTesting.config(output, "learning_rate: 1e-3", "num_train_epochs: 1", "seed: " + seeds[i])));
            weights[i] = Files.readAllBytes(TrainingOutput.finalModel(output).resolve("model.safetensors"));
        }
        assertThat(weights[1]).isEqualTo(weights[0]);
        assertThat(metrics.get(1)).isEqualTo(metrics.get(0));
        assertThat(weights[2]).isNotEqualTo(weights[0]);
    }

    @ParameterizedTest
    @CsvSource({"1e30, float32", "1e38, float32", "1e30, bfloat16"})
    void train_thatDiverges_saysSoInOneLine_andPublishesNothing(String learningRate, String dtype) {
        Path output = directory.resolve("run");
        SftConfig config = SftTesting.config(
                output,
                "learning_rate: " + learningRate,
                "lr_scheduler_type: constant",
                "max_steps: 20",
                "save_steps: 1",
                "dtype: " + dtype);
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> train(ROWS, config));
        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().getFirst())
                .contains("learning_rate: ", "step", "loss", "lower it")
                .doesNotContainPattern("\\R");
        assertThat(TrainingOutput.finalModel(output)).doesNotExist();
        assertThat(output.resolve("metrics.jsonl")).exists();
        assertFinite(output.resolve("checkpoints"));
    }

    /// The last step's update has no next loss to show that it went wrong.
    @Test
    void train_whoseOnlyStepOverflows_publishesNothing() {
        Path output = directory.resolve("run");
        SftConfig config =
                SftTesting.config(output, "learning_rate: 1e39", "lr_scheduler_type: constant", "max_steps: 1");
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> train(ROWS, config));
        assertThat(e).isNotNull();
        assertThat(e.problems()).singleElement().asString().contains("learning_rate: ", "step 1");
        assertThat(TrainingOutput.finalModel(output)).doesNotExist();
    }

    private static void assertFinite(Path checkpoints) {
        if (!Files.exists(checkpoints)) {
            return;
        }
        try (var all = Files.list(checkpoints);
                NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            for (Path checkpoint : all.toList()) {
                try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
                    for (String name : file.names()) {
                        for (float value :
                                file.copy(manager, name, Dtype.FLOAT32).toFloatArray()) {
                            assertThat(Float.isFinite(value))
                                    .as("%s %s", checkpoint, name)
                                    .isTrue();
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void train_keepsTheNewestCheckpoints() {
        Path output = directory.resolve("run");
        train(
                ROWS.subList(0, 4),
                SftTesting.config(
                        output, "learning_rate: 1e-4", "max_steps: 3", "save_steps: 1", "save_total_limit: 2"));
        assertThat(TrainingOutput.checkpoint(output, 1)).doesNotExist();
        assertThat(TrainingOutput.checkpoint(output, 2).resolve("model.safetensors"))
                .exists();
        assertThat(TrainingOutput.checkpoint(output, 3).resolve("tokenizer.json"))
                .exists();
        assertThat(TrainingOutput.finalModel(output).resolve("config.json")).exists();
    }

    @Test
    void metrics_haveTheContractsFields_andCountPromptsButNotPadding() {
        List<ObjectNode> metrics = train(
                ROWS.subList(0, 4),
                SftTesting.config(directory.resolve("run"), "learning_rate: 1e-4", "max_steps: 4", "logging_steps: 2"));
        assertThat(metrics).hasSize(2);
        assertThat(metrics.getFirst().propertyNames())
                .containsSequence("step")
                .contains("loss", "learning_rate", "grad_norm", "tokens", "trained_tokens");
        assertThat(metrics.getFirst().path("step").asInt()).isEqualTo(2);
        int tokens = ROWS.subList(0, 4).stream().mapToInt(TokenSequence::length).sum();
        assertThat(metrics.getFirst().path("tokens").asInt()).isEqualTo(tokens);
    }
}
