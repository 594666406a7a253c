package dev.razor.core.bench;

import ai.djl.Device;
import dev.razor.core.base.ConfigException;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.DeviceName;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.MemorySettings;
import dev.razor.core.plan.ModelFlops;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// One measurement from its configuration: makes the model, trains, decodes.
public final class Bench {

    private Bench() {}

    /// Measures.
    ///
    /// @throws ConfigException if the model cannot fit into the device's memory, before it is made
    public static BenchReport run(BenchConfig config, Progress progress) {
        Qwen2Config shape = shape(config);
        Dtype dtype = config.dtype().equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32;
        DeviceMemory memory = DeviceMemory.of(config.device());
        MemoryPlan plan = MemoryPlan.of(shape, settings(config, memory, dtype));
        plan.requireFits(memory);
        try (RandomModel model = new RandomModel(config.device(), shape, dtype, config.seed())) {
            Device device = model.manager().getDevice();
            double matmul = MatmulRate.measure(model.manager(), dtype);
            @Nullable
            TrainingSpeed training = config.measuredSteps() == 0
                    ? null
                    : TrainingSpeed.measure(model, shape.vocabSize(), config, progress);
            List<DecodingSpeed> decoding = new ArrayList<>();
            for (int batch : config.decodeBatchSizes()) {
                decoding.add(DecodingSpeed.measure(model, shape.vocabSize(), batch, config));
                progress.update(
                        "decoding", decoding.size(), config.decodeBatchSizes().size(), "batch " + batch);
            }
            @Nullable
            RolloutSpeed rollout = config.rolloutPrompts() == 0
                    ? null
                    : RolloutSpeed.measure(model, shape.vocabSize(), config, progress);
            String name = DeviceName.of(device);
            OptionalDouble peak =
                    device.isGpu() && dtype == Dtype.BFLOAT16 ? ModelFlops.peak(name) : OptionalDouble.empty();
            return new BenchReport(
                    config,
                    shape,
                    memory.device(),
                    name,
                    ModelFlops.perToken(shape, config.maxLength()),
                    matmul,
                    peak,
                    plan.total(),
                    training,
                    decoding,
                    rollout);
        }
    }

    private static Qwen2Config shape(BenchConfig config) {
        if (config.model() == null) {
            return config.sizes();
        }
        Qwen2Config shape = PlannedModel.read(config.model()).shape();
        if (config.positions() > shape.maxPositionEmbeddings()) {
            throw new ConfigException("max_length: %d positions are measured, the model in %s has %d; lower max_length"
                            .formatted(config.positions(), config.model(), shape.maxPositionEmbeddings())
                    + ", or decode_prompt_length, decode_new_tokens and rollout_new_tokens");
        }
        return shape;
    }

    private static MemorySettings settings(BenchConfig config, DeviceMemory memory, Dtype dtype) {
        int together =
                config.decodeBatchSizes().stream().mapToInt(size -> size).max().orElse(0);
        return new MemorySettings(
                        memory.gpu(),
                        dtype,
                        config.optimizerStateDtype().equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32,
                        config.perDeviceTrainBatchSize(),
                        1,
                        config.maxLength(),
                        config.gradientCheckpointing(),
                        0,
                        0,
                        0,
                        false,
                        0,
                        0)
                .withSampling(together, config.decodePromptLength() + config.decodeNewTokens())
                .withSampling(
                        Math.min(config.rolloutSlots(), config.rolloutPrompts() * config.rolloutCompletions()),
                        config.longestRolloutPrompt() + config.rolloutNewTokens());
    }
}
