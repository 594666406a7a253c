package dev.razor.sft;

import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.MemorySettings;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;

/// The memory that a supervised fine-tuning run will take, from its configuration and the sizes of its models. Of
/// sequences that a model writes, the prompts, whose length nobody knows yet, are left out.
public final class SftPlan {

    private SftPlan() {}

    /// The plan for sequences of `max_length` tokens.
    ///
    /// @param memory the device the run is meant for
    public static MemoryPlan of(SftConfig config, DeviceMemory memory) {
        return of(config, memory, config.maxLength());
    }

    /// The plan for data that is known.
    ///
    /// @param longest tokens of the longest sequence
    public static MemoryPlan of(SftConfig config, DeviceMemory memory, int longest) {
        TrainingArguments arguments = config.training();
        PlannedModel model = PlannedModel.read(config.model());
        int context = model.shape().maxPositionEmbeddings();
        MemorySettings settings = MemorySettings.of(
                        arguments,
                        memory.gpu(),
                        model.computeType(arguments),
                        Math.min(Math.min(config.maxLength(), longest), context))
                .withLora(config.lora())
                .withKlPenalty(config.beta() > 0);
        if (model.adapterRank() > 0) {
            settings = settings.withLoraRank(model.adapterRank());
        }
        String teacher = config.labels().teacher();
        boolean watched = config.klBudget().klPrompts() != null;
        boolean needsBase = config.beta() > 0 || watched || "base".equals(teacher);
        if (needsBase && !config.lora().usePeft()) { // an adapter's base is the model without it
            settings = model.frozenIn(settings, arguments);
        }
        int together = arguments.perDeviceTrainBatchSize();
        if (teacher != null) {
            if (!teacher.equals("base") && !teacher.equals("self")) {
                settings = PlannedModel.read(Path.of(teacher)).frozenIn(settings, arguments);
            }
            int length = Math.min(context, config.labels().maxCompletionLength());
            settings = settings.withSampling(together, length);
        }
        if (watched) {
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
    public static void requireFits(SftConfig config, int longest) {
        DeviceMemory memory = DeviceMemory.of(config.training().device());
        of(config, memory, longest).requireFits(memory);
    }
}
