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
        return trainWith(EARLY_LETTER, name, settings);
    }

    private List<JsonNode> trainWith(Reward reward, String name, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "reward: one_of";
        all[settings.length + 1] = "save_steps: 0";
        GrpoConfig config = GrpoTesting.config(Path.of("tasks.jsonl"), directory.resolve(name), all);
        try (PretrainedModel policy = PretrainedModel.load(
                        Golden.model(), new LoadOptions("cpu", config.training().dtype(), true));
                @Nullable
                        PretrainedModel base = config.loss().beta() == 0
                                ? null
                                : PretrainedModel.load(
                                        Golden.model(),
                                        LoadOptions.frozen(
                                                "cpu", config.training().dtype()));
                TrainingOutput output = TrainingOutput.open(
                        config.output(), RunIdentity.of("grpo", config), config.training(), false)) {
            int before = policy.manager().getManagedArrays().size();
            new GrpoTrainer(policy, base, tasks(), RewardFunctions.of(reward), config, Watch.none(policy))
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

    private static final String[] QUICK = {
        "lr_scheduler_type: constant",
        "max_completion_length: 2",
        "per_device_train_batch_size: 32",
        "learning_rate: 3e-3"
    };

    private List<JsonNode> quick(String name, String... more) {
        String[] all = Arrays.copyOf(QUICK, QUICK.length + more.length);
        System.arraycopy(more, 0, all, QUICK.length, more.length);
        return train(name, all);
    }

    @Test
    void train_withSequenceRatios_raisesTheReward() {
        List<JsonNode> metrics =
                quick("run", "importance_sampling_level: sequence", "num_iterations: 2", "max_steps: 20");
        assertThat(mean(metrics.subList(16, 20), "reward_mean"))
                .isGreaterThan(mean(metrics.subList(0, 2), "reward_mean") + 0.2);
    }

    /// One completion a prompt is enough: none is compared with another.
    @Test
    void train_withOnesAndZeros_raisesTheReward_withoutNegatives() {
        List<JsonNode> metrics = quick("run", "advantage: one_zero", "num_generations: 1", "max_steps: 20");
        assertThat(mean(metrics.subList(16, 20), "reward_mean"))
                .isGreaterThan(mean(metrics.subList(0, 2), "reward_mean") + 0.2);
        for (JsonNode line : completions("run")) {
            assertThat(line.path("advantage").asDouble())
                    .isEqualTo(line.path("reward").asDouble());
        }
    }

    private List<JsonNode> completions(String name) {
        return GrpoTesting.lines(directory.resolve(name).resolve("completions.jsonl"));
    }

    /// dr_grpo's constant is completions times the limit, so without the groups that teach nothing loss and
    /// gradient are larger by the share of the others.
    @Test
    void train_withoutEqualGroups_isAsIfTheyHadNotBeenDrawn() {
        String[] settings = {"loss_type: dr_grpo", "num_generations: 4", "max_steps: 1", "dynamic_sampling: none"};
        JsonNode all = quick("all", settings).getFirst();
        settings[3] = "dynamic_sampling: drop";
        JsonNode some = quick("some", settings).getFirst();
        int equal = all.path("zero_variance_groups").asInt();
        assertThat(equal).isBetween(1, 7);
        assertThat(some.path("zero_variance_groups").asInt()).isEqualTo(equal);
        int live = 32 - 4 * equal;
        assertThat(some.path("live_completions").asInt()).isEqualTo(live);
        assertThat(some.path("grad_norm").asDouble())
                .isCloseTo(all.path("grad_norm").asDouble() * 32 / live, within(1e-5));
        assertThat(some.path("trained_tokens").asInt())
                .isLessThan(all.path("trained_tokens").asInt());
    }

    @Test
    void train_refilling_drawsOtherPromptsForEqualGroups() {
        String[] settings = {"num_generations: 4", "max_steps: 2", "dynamic_sampling: refill"};
        List<JsonNode> metrics = quick("run", settings);
        assertThat(metrics.getFirst().path("generation_batches").asInt()).isBetween(2, 10);
        assertThat(metrics.getFirst().path("live_completions").asInt()).isEqualTo(32);
    }

    /// A reward that is the same for all: refilling ends at its limit and the step changes nothing.
    @Test
    void train_refilling_givesUpAtTheLimit() {
        List<JsonNode> metrics = trainWith(
                new Reward() {
                    @Override
                    public String name() {
                        return "same";
                    }

                    @Override
                    public void require(JsonRecord record) {}

                    @Override
                    public double score(JsonRecord record, String completion) {
                        return 1;
                    }
                },
                "run",
                "learning_rate: 1",
                "max_completion_length: 2",
                "per_device_train_batch_size: 8",
                "dynamic_sampling: refill",
                "max_generation_batches: 3",
                "max_steps: 1");
        JsonNode line = metrics.getFirst();
        assertThat(line.path("generation_batches").asInt()).isEqualTo(3);
        assertThat(line.path("live_completions").asInt()).isZero();
        assertThat(line.path("grad_norm").asDouble()).isZero();
        assertThat(line.path("loss").asDouble()).isZero();
    }

    /// A reward that fails on some completions costs those, and the run counts them.
    @Test
    void train_withARewardThatThrows_countsAndGoesOn() {
        List<JsonNode> metrics = trainWith(
                new Reward() {
                    @Override
                    public String name() {
                        return "moody";
                    }

                    @Override
                    public void require(JsonRecord record) {}

                    @Override
                    public double score(JsonRecord record, String completion) {
                        if (completion.length() % 2 == 0) {
                            throw new IllegalStateException("even");
                        }
                        return completion.length() % 3 == 0 ? Double.NaN : 1;
                    }
                },
                "run",
                "learning_rate: 1e-4",
                "max_completion_length: 4",
                "per_device_train_batch_size: 32",
                "log_completions: 32",
                "max_steps: 1");
        List<JsonNode> lines = completions("run");
        long failed = lines.stream()
                .filter(line -> line.path("reward_failure").isString())
                .count();
        assertThat(failed).isPositive();
        assertThat(lines.size()).as("the best and the worst of four groups").isBetween(4, 8);
        assertThat(metrics.getFirst().path("reward_failures").asLong())
                .isGreaterThanOrEqualTo(failed)
                .isLessThan(32);
        for (JsonNode line : lines) {
            boolean bad = line.path("reward_failure").isString();
            assertThat(line.path("reward").asDouble()).isEqualTo(bad ? 0 : 1);
            assertThat(line.path("rewards").path("moody").isNull()).isEqualTo(bad);
        }
    }

    /// Tokens longer than the buffer's edge lose; the table says how much.
    @Test
    void train_withAnOverlongBuffer_takesFromTheReward() {
        quick(
                "run",
                "overlong_buffer: 1",
                "overlong_penalty: 0.5",
                "scale_rewards: none",
                "log_completions: 32",
                "max_steps: 1");
        for (JsonNode line : completions("run")) {
            assertThat(line.path("penalty").asDouble())
                    .isEqualTo(line.path("tokens").size() == 2 ? 0.5 : 0);
        }
    }

    /// The policy is the base at the first step and has moved at the last.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kl_estimator: k1",
                "kl_estimator: k2",
                "kl_estimator: k3",
                "kl_estimator: exact",
                "kl_estimator: k1\nkl_in: reward",
                "kl_estimator: exact\nkl_in: reward\nscale_rewards: none"
            })
    void train_withBeta_measuresTheKl(String setting) {
        List<JsonNode> metrics = quick("run", "beta: 0.05", setting, "max_steps: 4");
        assertThat(metrics.getFirst().path("kl").asDouble()).isCloseTo(0, within(1e-6));
        assertThat(Math.abs(metrics.getLast().path("kl").asDouble())).isGreaterThan(1e-4);
    }

    /// A large beta keeps the policy near; without one it leaves.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kl_estimator: k2",
                "kl_estimator: k3",
                "kl_estimator: exact",
                "kl_estimator: k1\nkl_in: reward",
                "kl_estimator: exact\nkl_in: reward"
            })
    void train_withALargeBeta_staysNearTheBase(String setting) {
        String[] settings = {"beta: 1.0", "scale_rewards: none", "loss_type: bnpo", setting, "max_steps: 12"};
        double held = mean(quick("held", settings).subList(8, 12), "kl");
        settings[0] = "beta: 1.0e-9";
        double free = mean(quick("free", settings).subList(8, 12), "kl");
        assertThat(Math.abs(held)).isLessThan(free / 2);
    }

    @Test
    void train_onARolloutsOnlyStep_agreesWithTheSampler() {
        JsonNode line = train(
                        "run",
                        "learning_rate: 1e-4",
                        "max_completion_length: 12",
                        "per_device_train_batch_size: 32",
                        "max_steps: 1")
                .getFirst();
        assertThat(line.path("sampling_logp_difference_max").asDouble()).isBetween(0.0, 1e-5);
        assertThat(line.path("sampling_logp_difference_mean").asDouble())
                .isBetween(0.0, line.path("sampling_logp_difference_max").asDouble());
        assertThat(line.has("off_policy_sampling")).isFalse();
    }

    @Test
    void train_onCutSamples_saysThatItIsOffPolicy() {
        JsonNode line = quick("run", "top_k: 5", "max_steps: 1").getFirst();
        assertThat(line.path("off_policy_sampling").asBoolean()).isTrue();
    }

    /// The shift of a completion's log-probability has the sign of its advantage, summed over the table.
    @Test
    void completions_showWhatTheStepDidToEachToken() {
        quick("run", "log_completions: 32", "completions_steps: 2", "max_steps: 4");
        List<JsonNode> lines = completions("run");
        assertThat(lines.stream().map(line -> line.path("step").asInt()).distinct())
                .containsExactly(1, 2, 4);
        double agreement = 0;
        for (JsonNode line : lines) {
            assertThat(line.path("tokens").size())
                    .isEqualTo(line.path("logprobs").size())
                    .isEqualTo(line.path("logprob_shift").size());
            for (JsonNode shift : line.path("logprob_shift")) {
                agreement += line.path("advantage").asDouble() * shift.asDouble();
            }
        }
        assertThat(agreement).isGreaterThan(1);
    }

    /// The default bfloat16 path, with everything on.
    @Test
    void train_inBfloat16_runs() {
        List<JsonNode> metrics = quick(
                "run", "dtype: bfloat16", "beta: 0.01", "kl_estimator: exact", "num_iterations: 2", "max_steps: 2");
        assertThat(metrics.getFirst().path("sampling_logp_difference_max").asDouble())
                .isLessThan(0.2);
        assertThat(metrics.getLast().path("loss").isNumber()).isTrue();
    }
}
