package dev.razor.grpo;

import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.MemorySettings;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.train.TrainingArguments;

/// The memory that a GRPO run will take, from its configuration and the sizes of its model.
public final class GrpoPlan {

    private GrpoPlan() {}

    /// The plan of the configured run.
    ///
    /// @param memory the device the run is meant for
    /// @param promptTokens tokens of the longest prompt; 0 where it is not known leaves prompts out
    public static MemoryPlan of(GrpoConfig config, DeviceMemory memory, int promptTokens) {
        TrainingArguments arguments = config.training();
        PlannedModel model = PlannedModel.read(config.model());
        int length = Math.min(
                model.shape().maxPositionEmbeddings(),
                promptTokens + config.rollout().maxCompletionLength());
        MemorySettings settings = MemorySettings.of(arguments, memory.gpu(), model.computeType(arguments), length)
                .withSampling(config.rolloutBatchSize(), length)
                .withKlPenalty(config.loss().exactKl())
                .withLora(config.lora());
        if (model.adapterRank() > 0) {
            settings = settings.withLoraRank(model.adapterRank());
        }
        if (config.needsBase() && !config.lora().usePeft()) { // an adapter's base is the model without it
            settings = model.frozenIn(settings, arguments);
        }
        return MemoryPlan.of(model.shape(), settings);
    }

    /// Refuses a run that cannot fit, before anything is loaded.
    ///
    /// @param promptTokens as in [#of]
    /// @throws dev.razor.core.base.ConfigException of one line with the settings that would help
    public static void requireFits(GrpoConfig config, int promptTokens) {
        DeviceMemory memory = DeviceMemory.of(config.training().device());
        of(config, memory, promptTokens).requireFits(memory);
    }
}
