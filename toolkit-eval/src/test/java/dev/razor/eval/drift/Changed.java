package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// Tiny models on disk whose weights a test has changed, and their weights as plain numbers.
final class Changed {

    private Changed() {}

    /// Writes the random model of `seed` after `change` was given each weight's name and numbers.
    static Path write(Path directory, Qwen2Config config, long seed, Dtype stored, BiConsumer<String, float[]> change)
            throws IOException {
        return write(directory, config, seed, stored, Long.MAX_VALUE, change);
    }

    /// The same in shards.
    static Path write(
            Path directory,
            Qwen2Config config,
            long seed,
            Dtype stored,
            long maxShardBytes,
            BiConsumer<String, float[]> change)
            throws IOException {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            Map<String, NDArray> changed = new LinkedHashMap<>();
            TinyModel.weights(manager, config, seed).forEach((name, weight) -> {
                float[] values = weight.toFloatArray();
                change.accept(name, values);
                changed.put(name, manager.create(values, weight.getShape()));
            });
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), TinyModel.json(config));
            for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
                Files.copy(Golden.model().resolve(name), directory.resolve(name));
            }
            SafetensorsWriter.writeModel(directory, changed, _ -> stored, maxShardBytes);
            return directory;
        }
    }

    /// The random model's weights.
    static Map<String, float[]> values(Qwen2Config config, long seed) {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            Map<String, float[]> values = new LinkedHashMap<>();
            TinyModel.weights(manager, config, seed).forEach((name, weight) -> values.put(name, weight.toFloatArray()));
            return values;
        }
    }

    /// A matrix as rows.
    static double[][] rows(float[] values, int columns) {
        double[][] rows = new double[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            rows[i / columns][i % columns] = values[i];
        }
        return rows;
    }
}
