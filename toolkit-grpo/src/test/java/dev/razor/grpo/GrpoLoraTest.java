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
import dev.razor.core.testing.TinyAdapter;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class GrpoLoraTest {

    /// One for a completion that begins with a lower-case letter.
    private static final Reward LETTER = new Reward() {

        @Override
        public String name() {
            return "letter";
        }

        @Override
        public void require(JsonRecord record) {}

        @Override
        public double score(JsonRecord record, String completion) {
            String text = completion.strip();
            return !text.isEmpty() && Character.isLowerCase(text.charAt(0)) ? 1 : 0;
        }
    };

    @TempDir
    private Path directory;

    /// The reference is the policy without its adapter: the KL is zero while B is, and grows with it.
    @Test
    void train_withAnAdapterAndAPenalty_startsAtTheBase_andExportsAnAdapter() {
        GrpoConfig config = GrpoTesting.config(
                Path.of("tasks.jsonl"),
                directory.resolve("run"),
                "learning_rate: 1e-2",
                "lr_scheduler_type: constant",
                "reward: one_of",
                "num_generations: 16",
                "per_device_train_batch_size: 32",
                "max_completion_length: 2",
                "max_steps: 4",
                "beta: 0.1",
                "use_peft: true",
                "lora_r: 4");
        var record =
                new JsonRecord(Path.of("tasks.jsonl"), 1, JsonMapper.shared().createObjectNode());
        List<Rollout.Task> tasks = List.of(
                new Rollout.Task(0, record, new int[] {50, 220, 48}),
                new Rollout.Task(1, record, new int[] {51, 220, 49}));
        var options = new LoadOptions("cpu", "float32", true, config.lora().adapter(1));
        float[] trained;
        try (PretrainedModel policy = PretrainedModel.load(Golden.model(), options);
                PretrainedModel reference = policy.reference();
                TrainingOutput output = TrainingOutput.open(
                        config.output(), RunIdentity.of("grpo", config), config.training(), false)) {
            float[] base = TinyAdapter.logits(reference);
            new GrpoTrainer(policy, reference, tasks, RewardFunctions.of(LETTER), config, Watch.none(policy))
                    .train(output, Progress.silent());
            assertThat(TinyAdapter.logits(reference)).as("the reference").containsExactly(base);
            trained = TinyAdapter.logits(policy);
            assertThat(trained).isNotEqualTo(base);
        }
        List<JsonNode> metrics = GrpoTesting.metrics(config.output());
        assertThat(metrics.getFirst().path("kl").asDouble(-1)).isCloseTo(0, within(1e-9));
        assertThat(metrics.getLast().path("kl").asDouble(-1)).isGreaterThan(1e-6);
        Path result = TrainingOutput.finalModel(config.output());
        try (PretrainedModel again = PretrainedModel.load(result, LoadOptions.frozen("cpu", "float32"))) {
            assertThat(Objects.requireNonNull(again.adapter()).layers().keySet())
                    .as("seven in each of three blocks")
                    .hasSize(21);
            assertThat(TinyAdapter.logits(again)).containsExactly(trained);
        }
    }
}
