package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.reward.Reward;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.Golden;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class GrpoTrainerTest {

    /// One for a completion that begins with a letter of the first half of the alphabet.
    private static final Reward EARLY_LETTER = new Reward() {

        @Override
        public String name() {
            return "early_letter";
        }

        @Override
        public void require(JsonRecord record) {}

        @Override
        public double score(JsonRecord record, String completion) {
            String text = completion.strip();
            return !text.isEmpty() && text.charAt(0) >= 'a' && text.charAt(0) <= 'm' ? 1 : 0;
        }
    };

    @TempDir
    private Path directory;

    private static List<Rollout.Task> tasks() {
        List<Rollout.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var record = new JsonRecord(
                    Path.of("tasks.jsonl"), i + 1, JsonMapper.shared().createObjectNode());
            tasks.add(new Rollout.Task(i, record, new int[] {50 + i, 220, 48 + i}));
        }
        return tasks;
    }

    private List<JsonNode> train(String name, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "reward: one_of";
        all[settings.length + 1] = "save_steps: 0";
        GrpoConfig config = GrpoTesting.config(Path.of("tasks.jsonl"), directory.resolve(name), all);
        try (PretrainedModel policy = PretrainedModel.load(Golden.model(), new LoadOptions("cpu", "auto", true));
                @Nullable
                        PretrainedModel base = config.loss().beta() == 0
                                ? null
                                : PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "auto"));
                TrainingOutput output = TrainingOutput.open(
                        config.output(), RunIdentity.of("grpo", config), config.training(), false)) {
            int before = policy.manager().getManagedArrays().size();
            new GrpoTrainer(policy, base, tasks(), RewardFunctions.of(EARLY_LETTER), config, Watch.none(policy))
                    .train(output, Progress.silent());
            assertThat(policy.manager().getManagedArrays())
                    .as("native arrays after the run")
                    .hasSize(before);
        }
        return GrpoTesting.metrics(config.output());
    }

    private static double mean(List<JsonNode> lines, String key) {
        return lines.stream()
                .mapToDouble(line -> line.path(key).asDouble())
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(LossType.class)
    void train_raisesTheReward(LossType type) {
        List<JsonNode> metrics = train(
                "run",
                "learning_rate: 3e-3",
                "lr_scheduler_type: constant",
                "loss_type: " + type.name().toLowerCase(java.util.Locale.ROOT),
                "max_completion_length: 2",
                "per_device_train_batch_size: 32",
                "max_steps: 16");
        double start = mean(metrics.subList(0, 2), "reward_mean");
        double end = mean(metrics.subList(13, 16), "reward_mean");
        assertThat(start).isBetween(0.05, 0.8);
        assertThat(end).isGreaterThan(Math.max(0.85, start + 0.2));
    }

    @Test
    void metrics_haveTheContractsFields() {
        JsonNode line = train(
                        "run",
                        "learning_rate: 1e-4",
                        "max_completion_length: 3",
                        "per_device_train_batch_size: 16",
                        "max_steps: 1")
                .getFirst();
        assertThat(line.propertyNames())
                .contains(
                        "step",
                        "loss",
                        "learning_rate",
                        "grad_norm",
                        "tokens",
                        "tokens_per_second",
                        "reward_mean",
                        "reward_std",
                        "zero_variance_groups",
                        "completion_length_mean",
                        "truncated_fraction",
                        "entropy",
                        "clip_fraction",
                        "kl");
        assertThat(line.path("kl").isNull()).as("no base, no kl").isTrue();
        assertThat(line.path("clip_fraction").asDouble()).isZero();
        assertThat(line.path("entropy").asDouble()).isBetween(0.1, Math.log(784));
        assertThat(line.path("completion_length_mean").asDouble()).isBetween(1.0, 3.0);
        assertThat(line.path("truncated_fraction").asDouble()).isBetween(0.0, 1.0);
    }

    /// One token a completion and unscaled advantages: at ratio one the loss of whole groups is minus the mean of
    /// their advantages, which is zero. It is so in the first step of a rollout alone; from the second on the
    /// policy is not the one that sampled. The second pass (step 3) sees the rollout's first half again.
    @Test
    void train_onARolloutOfTwoSteps_twice_comparesWithTheSamplingPolicy() {
        List<JsonNode> metrics = train(
                "run",
                "learning_rate: 3e-3",
                "lr_scheduler_type: constant",
                "loss_type: dr_grpo",
                "scale_rewards: none",
                "epsilon: 0.9",
                "max_completion_length: 1",
                "generation_batch_size: 32",
                "per_device_train_batch_size: 16",
                "num_iterations: 2",
                "max_steps: 6");
        for (int rollout = 0; rollout < 2; rollout++) {
            List<JsonNode> steps = metrics.subList(4 * rollout, Math.min(6, 4 * rollout + 4));
            assertThat(steps.getFirst().path("loss").asDouble()).isCloseTo(0, within(1e-6));
            for (JsonNode step : steps) {
                assertThat(step.path("reward_mean")).isEqualTo(steps.getFirst().path("reward_mean"));
            }
            for (JsonNode step : steps.subList(1, steps.size())) {
                assertThat(Math.abs(step.path("loss").asDouble())).isGreaterThan(1e-5);
            }
        }
        assertThat(metrics.get(2).path("loss").asDouble())
                .as("what was rewarded has become likelier")
                .isNegative();
    }

    @Test
    void train_withASmallEpsilon_clips_onceThePolicyHasMoved() {
        List<JsonNode> metrics = train(
                "run",
                "learning_rate: 1e-2",
                "lr_scheduler_type: constant",
                "epsilon: 0.05",
                "max_completion_length: 2",
                "per_device_train_batch_size: 32",
                "num_iterations: 3",
                "max_steps: 3");
        assertThat(metrics.getFirst().path("clip_fraction").asDouble()).isZero();
        assertThat(metrics.getLast().path("clip_fraction").asDouble()).isGreaterThan(0);
    }

    @Test
    void train_withBeta_measuresTheDistanceToTheBase() {
        List<JsonNode> metrics = train(
                "run",
                "learning_rate: 3e-3",
                "lr_scheduler_type: constant",
                "beta: 0.04",
                "max_completion_length: 2",
                "per_device_train_batch_size: 32",
                "max_steps: 4");
        assertThat(metrics.getFirst().path("kl").asDouble()).isCloseTo(0, within(1e-9));
        assertThat(metrics.getLast().path("kl").asDouble()).isGreaterThan(1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dapo", "dr_grpo"})
    void train_doesNotDependOnHowAStepIsCut(String type) {
        List<JsonNode> whole = cut(type, 16, 1);
        for (int batchSize : new int[] {4, 2}) {
            List<JsonNode> cut = cut(type, batchSize, 16 / batchSize);
            assertThat(cut.getFirst().path("reward_mean"))
                    .isEqualTo(whole.getFirst().path("reward_mean"));
            for (String key : new String[] {"loss", "grad_norm", "entropy"}) {
                double expected = whole.getFirst().path(key).asDouble();
                assertThat(cut.getFirst().path(key).asDouble())
                        .as("%s in batches of %d", key, batchSize)
                        .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
            }
        }
    }

    private List<JsonNode> cut(String type, int batchSize, int accumulation) {
        return train(
                "cut-" + batchSize,
                "learning_rate: 1e-4",
                "loss_type: " + type,
                "max_completion_length: 5",
                "per_device_train_batch_size: " + batchSize,
                "gradient_accumulation_steps: " + accumulation,
                "max_steps: 1");
    }

    @Test
    void train_withTruncatedCompletionsMasked_countsNoneOfTheirTokens() {
        JsonNode line = train(
                        "run",
                        "learning_rate: 1e-4",
                        "mask_truncated_completions: true",
                        "max_completion_length: 1",
                        "per_device_train_batch_size: 16",
                        "max_steps: 1")
                .getFirst();
        double open = (1 - line.path("truncated_fraction").asDouble()) * 16;
        assertThat(line.path("trained_tokens").asDouble()).isCloseTo(open, within(1e-9));
    }

    /// Four prompts, two a rollout, one step each: an epoch has two steps.
    @Test
    void train_byEpochs_takesEveryPromptOnceAnEpoch() {
        assertThat(train(
                        "run",
                        "learning_rate: 1e-4",
                        "num_generations: 2",
                        "max_completion_length: 1",
                        "per_device_train_batch_size: 4",
                        "num_train_epochs: 2"))
                .hasSize(4);
    }
}
