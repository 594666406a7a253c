package dev.razor.core.plan;

import dev.razor.core.base.ConfigException;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.lora.AdapterDirectory;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// What a model directory's `config.json` says of the model's memory; no weights are read.
///
/// @param shape its sizes
/// @param stored the type its weights are stored in: `torch_dtype` (transformers 5: `dtype`), float32 where
///     neither stands
/// @param adapterRank the rank of the adapter that the directory is, beside the base it names; 0 for a whole model
public record PlannedModel(Qwen2Config shape, Dtype stored, int adapterRank) {

    /// The model in `directory`.
    ///
    /// @throws dev.razor.core.base.CheckpointException naming the file and what is wrong with it
    public static PlannedModel read(Path directory) {
        if (AdapterDirectory.is(directory)) {
            AdapterDirectory adapter = AdapterDirectory.open(directory);
            PlannedModel base = read(adapter.base(null));
            return new PlannedModel(base.shape, base.stored, adapter.config().r());
        }
        ObjectNode json = ModelConfigFile.readJson(directory);
        Qwen2Config shape = ModelConfigFile.qwen2(directory, json);
        String type = json.path("torch_dtype").asString(json.path("dtype").asString("float32"));
        Dtype stored = switch (type.toLowerCase(Locale.ROOT)) {
            case "float32" -> Dtype.FLOAT32;
            case "bfloat16" -> Dtype.BFLOAT16;
            case "float16" -> Dtype.FLOAT16;
            default ->
                throw new ConfigException("%s: torch_dtype: expected float32, bfloat16 or float16, got %s"
                        .formatted(directory.resolve(ModelConfigFile.NAME), type));
        };
        return new PlannedModel(shape, stored, 0);
    }

    /// The type it is computed in under the configured `dtype`.
    public Dtype computeType(TrainingArguments arguments) {
        return new LoadOptions(arguments.device(), arguments.dtype(), true).computeType(stored);
    }

    /// `settings` with this model beside the one that is trained, only read.
    ///
    /// @param arguments whose `dtype` it is loaded in
    public MemorySettings frozenIn(MemorySettings settings, TrainingArguments arguments) {
        Dtype dtype = computeType(arguments);
        return settings.withFrozen(shape.parameterCount() * dtype.bytes(), !settings.gpu() && dtype == stored);
    }
}
