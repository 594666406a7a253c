package dev.razor.sft.simpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class SimPoTrainerTest {

    private static final List<Pair> PAIRS = SimPoTesting.goldenPairs();

    @TempDir
    private Path directory;

    private SimPoConfig config(String output, String... settings) {
        return SimPoTesting.config(Golden.model(), "pairs.jsonl", directory.resolve(output), settings);
    }

    /// Trains the golden model on `pairs` and returns the metrics' lines.
    private static List<ObjectNode> train(List<Pair> pairs, SimPoConfig config) {
        var options = new LoadOptions("cpu", config.training().dtype(), true);
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), options);
                TrainingOutput output = TrainingOutput.open(
                        config.output(), RunIdentity.of("simpo", config), config.training(), false)) {
            int before = model.manager().getManagedArrays().size();
            new SimPoTrainer(
                            model,
                            pairs,
                            config.training().plan(pairs.size()),
                            config.training(),
                            config.loss(),
                            Watch.none(model))
                    .train(output, Progress.silent());
            assertThat(model.manager().getManagedArrays())
                    .as("native arrays after the run")
                    .hasSize(before);
        }
        return SimPoTesting.metrics(config.output());
    }

    /// The loss by its definition, from log-probabilities of one sequence at a time: nothing of SimPoLoss or of
    /// batches is in it.
    private static double reference(LoadedGolden golden, List<Pair> pairs, SimPoConfig config) {
        SequenceScorer scorer = new SequenceScorer(golden.model(), golden.manager(), 1, 1);
        double sum = 0;
        for (Pair pair : pairs) {
            double[] reward = new double[2];
            for (int side = 0; side < 2; side++) {
                TokenSequence sequence = side == 0 ? pair.chosen() : pair.rejected();
                float[] logProbs =
                        scorer.score(List.of(sequence), false).getFirst().logProbs();
                for (float logProb : logProbs) {
                    reward[side] += logProb;
                }
                if (config.beta() != null) {
                    reward[side] *= config.beta() / logProbs.length;
                }
            }
            double margin = config.simpoGamma() == null ? 1 : config.simpoGamma();
            sum -= Math.log(1 / (1 + Math.exp(-(reward[0] - reward[1] - margin))));
        }
        return sum / pairs.size();
    }

    private static String[] formula(SimPoLoss.Type type, String... more) {
        String[] keys = switch (type) {
            case SIMPO -> new String[] {"loss_type: simpo", "beta: 2.0", "simpo_gamma: 0.8"};
            case SIMPO_PRINTED -> new String[] {"loss_type: simpo_printed"};
        };
        String[] all = Arrays.copyOf(keys, keys.length + more.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        return all;
    }

    /// With epsilon 1e6 and a rate of 1e6 AdamW's first step takes the gradient itself off the weights; central
    /// differences of the reference over 1e-2 give the same for single weights.
    @ParameterizedTest
    @EnumSource(SimPoLoss.Type.class)
    void firstStep_hasLossAndGradientOfTheReference(SimPoLoss.Type type) {
        List<Pair> pairs = PAIRS.subList(0, 4);
        SimPoConfig config = config(
                "run",
                formula(
                        type,
                        "learning_rate: 1e6",
                        "adam_epsilon: 1e6",
                        "max_grad_norm: 0",
                        "lr_scheduler_type: constant",
                        "max_steps: 1",
                        "per_device_train_batch_size: 2",
                        "gradient_accumulation_steps: 2",
                        "save_steps: 0"));
        ObjectNode metrics = train(pairs, config).getFirst();
        try (LoadedGolden golden = LoadedGolden.trainable(Dtype.FLOAT32);
                NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                SafetensorsFile after = SafetensorsFile.open(
                        TrainingOutput.finalModel(config.output()).resolve("model.safetensors"));
                GradMode _ = GradMode.off()) {
            assertThat(metrics.path("loss").asDouble()).isCloseTo(reference(golden, pairs, config), within(1e-5));
            for (String name : List.of(
                    "model.norm.weight",
                    "model.layers.0.self_attn.v_proj.bias",
                    "model.layers.1.mlp.down_proj.weight")) {
                NDArray own = Objects.requireNonNull(golden.parameters().get(name));
                float[] stepped = after.copy(manager, name, Dtype.FLOAT32).toFloatArray();
                float[] values = Aten.detach(own).toFloatArray();
                for (int i = 0; i < 3; i++) {
                    float before = values[i];
                    double above = at(golden, own, values, i, before + 1e-2f, pairs, config);
                    double below = at(golden, own, values, i, before - 1e-2f, pairs, config);
                    at(golden, own, values, i, before, pairs, config);
                    double expected = (above - below) / ((double) (before + 1e-2f) - (before - 1e-2f));
                    assertThat((double) before - stepped[i])
                            .as("%s[%d]", name, i)
                            .isCloseTo(expected, within(5e-4 + 5e-3 * Math.abs(expected)));
                }
            }
        }
    }

    private static double at(
            LoadedGolden golden,
            NDArray own,
            float[] values,
            int index,
            float value,
            List<Pair> pairs,
            SimPoConfig config) {
        values[index] = value;
        Aten.copyInPlace(Aten.detach(own), golden.manager().create(values, own.getShape()));
        return reference(golden, pairs, config);
    }

    /// Eight pairs a step cut three ways; sides have 3 to 30 trained tokens, so that a mean of means would
    /// show, and so would padding.
    @ParameterizedTest
    @EnumSource(SimPoLoss.Type.class)
    void train_doesNotDependOnHowAStepIsCut(SimPoLoss.Type type) {
        List<ObjectNode> whole = cut(type, PAIRS.subList(0, 12), 8, 1);
        assertThat(whole).hasSize(2);
        for (int batchSize : new int[] {4, 1}) {
            List<ObjectNode> cut = cut(type, PAIRS.subList(0, 12), batchSize, 8 / batchSize);
            for (int step = 0; step < 2; step++) {
                assertClose(cut.get(step), whole.get(step), step == 0 ? 2e-6 : 2e-5);
                assertThat(cut.get(step).path("tokens"))
                        .isEqualTo(whole.get(step).path("tokens"));
                assertThat(cut.get(step).path("trained_tokens"))
                        .isEqualTo(whole.get(step).path("trained_tokens"));
            }
        }
    }

    private static void assertClose(ObjectNode found, ObjectNode expected, double tolerance) {
        for (String key : List.of(
                "loss",
                "grad_norm",
                "rewards_chosen",
                "rewards_rejected",
                "rewards_margin",
                "rewards_accuracy",
                "logps_chosen",
                "logps_rejected")) {
            double value = expected.path(key).asDouble();
            assertThat(expected.path(key).isNumber()).as(key).isTrue();
            assertThat(found.path(key).asDouble())
                    .as(key)
                    .isCloseTo(value, within(tolerance * Math.max(1, Math.abs(value))));
        }
    }

    private List<ObjectNode> cut(SimPoLoss.Type type, List<Pair> pairs, int batchSize, int accumulation) {
        return train(
                pairs,
                config(
                        "cut-%d-%d".formatted(batchSize, pairs.getFirst().line()),
                        formula(
                                type,
                                "learning_rate: 1e-4",
                                "num_train_epochs: 1",
                                "save_steps: 0",
                                "per_device_train_batch_size: " + batchSize,
                                "gradient_accumulation_steps: " + accumulation)));
    }

    /// All pairs are in the one step, so that only their order differs.
    @Test
    void train_doesNotDependOnTheOrderInTheBatch() {
        List<Pair> pairs = PAIRS.subList(0, 6);
        ObjectNode forth = cut(SimPoLoss.Type.SIMPO, pairs, 6, 1).getFirst();
        ObjectNode back = cut(SimPoLoss.Type.SIMPO, pairs.reversed(), 6, 1).getFirst();
        assertClose(back, forth, 2e-6);
    }

    /// The right answer of each toy pair becomes the likelier one, its wrong one the less likely one.
    @ParameterizedTest
    @CsvSource({"simpo, float32", "simpo_printed, float32", "simpo, bfloat16"})
    void train_learnsToPrefer(String type, String dtype) {
        List<ObjectNode> metrics = train(
                PAIRS.subList(0, 6),
                config(
                        "run",
                        "loss_type: " + type,
                        "learning_rate: 3e-3",
                        "lr_scheduler_type: constant",
                        "max_steps: 12",
                        "save_steps: 0",
                        "dtype: " + dtype));
        ObjectNode first = metrics.getFirst();
        ObjectNode last = metrics.getLast();
        assertThat(first.path("rewards_accuracy").asDouble()).isLessThan(1);
        assertThat(last.path("rewards_accuracy").asDouble()).isEqualTo(1);
        assertThat(last.path("loss").asDouble()).isLessThan(first.path("loss").asDouble());
        assertThat(last.path("rewards_margin").asDouble())
                .isGreaterThan(first.path("rewards_margin").asDouble())
                .isEqualTo(
                        last.path("rewards_chosen").asDouble()
                                - last.path("rewards_rejected").asDouble(),
                        within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient_checkpointing: true", "optimizer_state_dtype: bfloat16"})
    void train_withSettingsOfMemory_beginsAlike(String setting) {
        String[] plain = {"learning_rate: 1e-4", "max_steps: 1", "save_steps: 0"};
        ObjectNode expected = train(PAIRS.subList(0, 4), config("plain", plain)).getFirst();
        ObjectNode found = train(PAIRS.subList(0, 4), config("other", plain[0], plain[1], plain[2], setting))
                .getFirst();
        assertClose(found, expected, 2e-6);
    }
}
