package dev.razor.grpo;

import ai.djl.engine.EngineException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.TensorException;
import dev.razor.core.train.OutOfMemory;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingArguments;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import dev.razor.core.train.WatchInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One GRPO run from its configuration: opens what it needs, trains, closes. Nothing is written before rewards,
/// model and data have been opened, read and found good.
public final class GrpoRun {

    private static final Logger LOG = LoggerFactory.getLogger(GrpoRun.class);

    private final GrpoConfig config;
    private final TrainingArguments arguments;
    private final PretrainedModel policy;
    private final @Nullable PretrainedModel base;
    private final RewardFunctions rewards;

    private GrpoRun(
            GrpoConfig config, PretrainedModel policy, @Nullable PretrainedModel base, RewardFunctions rewards) {
        this.config = config;
        this.arguments = config.training();
        this.policy = policy;
        this.base = base;
        this.rewards = rewards;
    }

    /// Trains and publishes.
    ///
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(GrpoConfig config, boolean resume, Progress progress) {
        TrainingArguments arguments = config.training();
        GrpoPlan.requireFits(config, 1); // what no data can change, before anything is loaded
        warn(config);
        var trainable = new LoadOptions(
                arguments.device(), arguments.dtype(), true, config.lora().adapter(arguments.seed()));
        try (RewardFunctions rewards = RewardFunctions.open(config.rewards());
                PretrainedModel policy = PretrainedModel.load(config.model(), trainable);
                @Nullable PretrainedModel base = config.needsBase() ? policy.reference() : null) {
            new GrpoRun(config, policy, base, rewards).train(resume, progress);
        } catch (EngineException | TensorException e) {
            throw OutOfMemory.explain(e, arguments, config.rollout().maxCompletionLength());
        }
    }

    private static void warn(GrpoConfig config) {
        if (config.rollout().truncated()) {
            LOG.warn(
                    "top_p = {}, top_k = {}: completions are drawn from a part of the policy's distribution only, so training is off-policy and its gradient biased; 1.0 and 0 sample the policy itself",
                    config.rollout().topP(),
                    config.rollout().topK());
        }
        if (config.loss().klInLoss() && config.loss().klEstimator() == KlEstimator.K1) {
            LOG.warn(
                    "kl_estimator: k1 in the loss has a gradient of zero in expectation, whatever the base; k2, k3 or exact pull towards it, and so does kl_in: reward");
        }
    }

    private void train(boolean resume, Progress progress) {
        List<Rollout.Task> tasks = tasks();
        GrpoPlan.requireFits(
                config,
                tasks.stream().mapToInt(task -> task.promptIds().length).max().orElseThrow());
        List<Path> files = new ArrayList<>(List.of(config.data()));
        files.addAll(config.rewards().files());
        WatchInputs watched =
                WatchInputs.read(policy, base, config.klBudget(), config.samples(), arguments, files::add);
        RunIdentity identity = RunIdentity.of("grpo", config, config.model(), files);
        try (TrainingOutput output = TrainingOutput.open(config.output(), identity, arguments, resume)) {
            if (output.finished()) {
                return;
            }
            Watch watch = watched.watch(config.evalSteps(), null, null, progress);
            new GrpoTrainer(policy, base, tasks, rewards, config, watch).train(output, progress);
            rewards.failures().forEach((name, count) -> {
                if (count > 0) {
                    LOG.warn("reward {}: failed on {} completions, which got nothing from it", name, count);
                }
            });
        }
    }

    private List<Rollout.Task> tasks() {
        List<Rollout.Task> tasks = new ArrayList<>();
        DataFiles.map(config.data(), record -> {
            rewards.require(record);
            tasks.add(new Rollout.Task(tasks.size(), record, PromptIds.of(record, policy)));
            return record;
        });
        return List.copyOf(tasks);
    }
}
