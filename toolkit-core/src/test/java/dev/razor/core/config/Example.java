package dev.razor.core.config;

import dev.razor.core.base.Check;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A configuration with every kind of key.
record Example(
        @Key("the model to train") String model,

        @Key(value = "output directory", fallback = "runs/x")
        Path output,

        @Key("highest learning rate") double learningRate,

        @Key(value = "schedule", fallback = "constant_with_warmup")
        Schedule lrSchedulerType,

        @Key(value = "steps of warm-up", fallback = "0") int warmupSteps,
        @Key(value = "sequences a step", fallback = "8") int perDeviceTrainBatchSize,
        @Key(value = "seed", fallback = "42") long seed,

        @Key(value = "several samples in a row", fallback = "false")
        boolean packing,

        @Key(value = "largest gradient norm; null: no clipping", fallback = "1.0") @Nullable
        Double maxGradNorm,

        @Key(value = "stop after so many steps", fallback = "null") @Nullable
        Integer maxSteps,

        @Key(value = "tasks", fallback = "[]") List<String> tasks,
        @Key(value = "optimizer", fallback = "{}") Adam optimizer,
        @Key(value = "phases", fallback = "[]") List<Phase> phases,
        @Key(value = "handed on", fallback = "{}") ObjectNode methods) {

    Example {
        Check.that(learningRate > 0, "learning_rate (%s) must be positive", learningRate);
        Check.that(warmupSteps >= 0, "warmup_steps (%s) must not be negative", warmupSteps);
    }

    enum Schedule {
        CONSTANT_WITH_WARMUP,
        COSINE
    }

    record Adam(
            @Key(value = "decay of the first moment", fallback = "0.9")
            double adamBeta1,

            @Key(value = "decay of the second moment", fallback = "0.999")
            double adamBeta2) {

        Adam {
            Check.that(adamBeta1 < 1, "adam_beta1 (%s) must be below 1", adamBeta1);
        }
    }

    record Phase(
            @Key("name") String name,
            @Key(value = "steps", fallback = "1") int steps) {}

    /// What `model: m` and `learning_rate: 1e-5` alone give.
    static Example small() {
        return new Example(
                "m",
                Path.of("runs/x"),
                1e-5,
                Schedule.CONSTANT_WITH_WARMUP,
                0,
                8,
                42,
                false,
                1.0,
                null,
                List.of(),
                new Adam(0.9, 0.999),
                List.of(),
                JsonNodeFactory.instance.objectNode());
    }
}
