package dev.razor.sft.simpo;

import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.MemorySettings;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.train.TrainingArguments;

/// The memory that a SimPO run will take, from its configuration and the sizes of its model. A forward pass has
/// two sequences a pair. There is no reference model; the base is there only where `kl_prompts` are watched.
public final class SimPoPlan {

    private static final int ANSWERS = 2;

    private SimPoPlan() {}

    /// The plan for sequences of `max_length` tokens.
    ///
    /// @param memory the device the run is meant for
    public static MemoryPlan of(SimPoConfig config, DeviceMemory memory) {
        return of(config, memory, config.maxLength());
    }

    /// The plan for data that is known.
    ///
    /// @param longest tokens of the longest sequence
    public static MemoryPlan of(SimPoConfig config, DeviceMemory memory, int longest) {
        TrainingArguments arguments = config.training();
        PlannedModel model = PlannedModel.read(config.model());
        int context = model.shape().maxPositionEmbeddings();
        MemorySettings settings = MemorySettings.of(
                        arguments,
                        memory.gpu(),
                        model.computeType(arguments),
                        Math.min(Math.min(config.maxLength(), longest), context))
                .withAnswers(ANSWERS)
                .withLora(config.lora());
        if (model.adapterRank() > 0) {
            settings = settings.withLoraRank(model.adapterRank());
        }
        int together = arguments.perDeviceTrainBatchSize();
        if (config.klBudget().klPrompts() != null) {
            if (!config.lora().usePeft()) { // an adapter's base is the model without it
                settings = model.frozenIn(settings, arguments);
            }
            settings = settings.withSampling(
                    together, Math.min(context, config.klBudget().klMaxNewTokens()));
        }
        if (config.samples().samplePrompts() != null) {
            settings = settings.withSampling(
                    together, Math.min(context, config.samples().sampleMaxNewTokens()));
        }
        return MemoryPlan.of(model.shape(), settings);
    }

    /// Refuses a run that cannot fit, before anything is loaded.
    ///
    /// @param longest tokens of the longest sequence of the data
    /// @throws dev.razor.core.base.ConfigException of one line with the settings that would help
    public static void requireFits(SimPoConfig config, int longest) {
        DeviceMemory memory = DeviceMemory.of(config.training().device());
        of(config, memory, longest).requireFits(memory);
    }
}
