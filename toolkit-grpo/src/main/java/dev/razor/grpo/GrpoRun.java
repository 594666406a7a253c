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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One GRPO run from its configuration: opens what it needs, trains, closes. Nothing is written before model
/// and data
/// have been read and found good.
public final class GrpoRun {

    private GrpoRun() {}

    /// Trains and publishes.
    ///
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(GrpoConfig config, boolean resume, Progress progress) {
        TrainingArguments arguments = config.training();
        GrpoPlan.requireFits(config, 1); // what no data can change, before anything is loaded
        var trainable = new LoadOptions(
                arguments.device(), arguments.dtype(), true, config.lora().adapter(arguments.seed()));
        try (PretrainedModel policy = PretrainedModel.load(config.model(), trainable);
                @Nullable PretrainedModel base = config.beta() == 0 ? null : policy.reference();
                RewardFunctions rewards = RewardFunctions.open(config.rewards())) {
            List<Rollout.Task> tasks = tasks(config, policy, rewards);
            GrpoPlan.requireFits(
                    config,
                    tasks.stream()
                            .mapToInt(task -> task.promptIds().length)
                            .max()
                            .orElseThrow());
            RunIdentity identity = RunIdentity.of("grpo", config, config.model(), List.of(config.data()));
            try (TrainingOutput output = TrainingOutput.open(config.output(), identity, arguments, resume)) {
                if (output.finished()) {
                    return;
                }
                new GrpoTrainer(policy, base, tasks, rewards, config).train(output, progress);
            }
        } catch (EngineException | TensorException e) {
            throw OutOfMemory.explain(e, arguments, config.maxCompletionLength());
        }
    }

    private static List<Rollout.Task> tasks(GrpoConfig config, PretrainedModel policy, RewardFunctions rewards) {
        return DataFiles.map(config.data(), record -> {
            rewards.require(record);
            return new Rollout.Task(record, PromptIds.of(record, policy));
        });
    }
}
