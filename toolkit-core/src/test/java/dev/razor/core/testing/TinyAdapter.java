package dev.razor.core.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.CausalLm;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Random PEFT adapters, written without Razor's own code for them; neither of their matrices is zero.
public final class TinyAdapter {

    private static final List<TokenSequence> ROWS = List.of(
            TokenSequence.whole(new int[] {5, 17, 3, 60, 2, 2, 41}), TokenSequence.whole(new int[] {9, 30, 11, 8}));

    private TinyAdapter() {}

    /// Writes an adapter of rank 3 and alpha 6 for the layers of `base` whose names end in one of `modules`.
    ///
    /// One that is there already is replaced.
    ///
    /// @param changes fields of adapter_config.json that differ, as JSON: `{"use_rslora": true}`
    public static Path write(Path directory, Path base, List<String> modules, String changes) {
        return write(directory, base, modules, changes, 3, Dtype.FLOAT32);
    }

    /// The same with tensors of another rank and type.
    public static Path write(Path directory, Path base, List<String> modules, String changes, int rank, Dtype stored) {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                Checkpoint checkpoint = Checkpoint.open(base)) {
            Files.createDirectories(directory);
            ObjectNode json = config(base, modules);
            json.setAll((ObjectNode) JsonMapper.shared().readTree(changes));
            Files.writeString(directory.resolve("adapter_config.json"), json.toString());
            Random random = new Random(11);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            for (String name : checkpoint.names()) {
                String layer = name.replace(".weight", "");
                if (modules.stream().anyMatch(layer::endsWith)) {
                    long[] shape = checkpoint.fileOf(name).shape(name);
                    String prefix = "base_model.model." + layer;
                    tensors.put(prefix + ".lora_A.weight", normal(manager, random, rank, shape[1]));
                    tensors.put(prefix + ".lora_B.weight", normal(manager, random, shape[0], rank));
                }
            }
            Path file = directory.resolve("adapter_model.safetensors");
            Files.deleteIfExists(file);
            SafetensorsWriter.write(file, tensors, _ -> stored);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode config(Path base, List<String> modules) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("""
                {"alpha_pattern": {}, "auto_mapping": null, "bias": "none", "fan_in_fan_out": false,
                 "inference_mode": true, "init_lora_weights": true, "layers_pattern": null, "lora_alpha": 6,
                 "lora_dropout": 0.05, "megatron_core": "megatron.core", "modules_to_save": null,
                 "peft_type": "LORA", "peft_version": "0.18.0", "qalora_group_size": 16, "r": 3,
                 "rank_pattern": {}, "task_type": "CAUSAL_LM", "use_dora": false, "use_rslora": false}
                """);
        json.put("base_model_name_or_path", base.toString());
        modules.forEach(json.putArray("target_modules")::add);
        return json;
    }

    private static NDArray normal(NDManager manager, Random random, long rows, long columns) {
        float[] values = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return manager.create(values, new Shape(rows, columns));
    }

    /// The model's logits for some fixed tokens, `[M V]`.
    public static float[] logits(PretrainedModel model) {
        return logits(model.model(), model.manager());
    }

    /// The same of a decoder alone.
    public static float[] logits(CausalLm model, NDManager manager) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray hidden = TokenBatch.of(ROWS).hidden(model, manager);
            return Aten.to(model.head().apply(hidden), Dtype.FLOAT32).toFloatArray();
        }
    }

    /// A tensor's values, whatever its type.
    public static float[] values(NDArray tensor) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            return Aten.to(Aten.detach(tensor), Dtype.FLOAT32).toFloatArray();
        }
    }
}
