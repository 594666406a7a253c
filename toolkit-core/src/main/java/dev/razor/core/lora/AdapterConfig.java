package dev.razor.core.lora;

import dev.razor.core.base.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What an adapter's `adapter_config.json` says of its computation, under PEFT's names. The update of a layer is
/// scaled by `lora_alpha / r`, or by `lora_alpha / sqrt(r)` where `use_rslora` is set.
///
/// @param base `base_model_name_or_path`, a directory
/// @param targetModules the names in `target_modules`; null where they are a pattern or have exceptions, and the
///     tensors alone tell which layers are adapted
/// @param rankPattern ranks of layers that differ from `r`, by regular expressions of their names
/// @param alphaPattern the same of `lora_alpha`
/// @see <a href="https://huggingface.co/docs/peft/package_reference/lora">PEFT's LoraConfig</a>
public record AdapterConfig(
        String base,
        int r,
        double alpha,
        boolean useRslora,
        @Nullable List<String> targetModules,
        SequencedMap<String, Integer> rankPattern,
        SequencedMap<String, Double> alphaPattern) {

    /// Its name in an adapter's directory.
    public static final String NAME = "adapter_config.json";

    private static final JsonMapper JSON = JsonMapper.shared();

    public AdapterConfig {
        targetModules = targetModules == null ? null : List.copyOf(targetModules);
        rankPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(alphaPattern));
    }

    /// Reads the file in `directory`.
    ///
    /// @throws CheckpointException naming every key that is missing, of a wrong type or not supported
    static AdapterConfig read(Path directory) {
        return AdapterConfigReader.read(directory.resolve(NAME));
    }

    /// The rank of the adapter of `layer`.
    int rank(String layer) {
        return matching(rankPattern, layer, r);
    }

    /// What the update of `layer` is scaled by.
    double scale(String layer) {
        double rank = rank(layer);
        return matching(alphaPattern, layer, alpha) / (useRslora ? Math.sqrt(rank) : rank);
    }

    /// The first expression counts that the name ends in, behind a dot or alone.
    private static <V> V matching(Map<String, V> patterns, String layer, V otherwise) {
        for (Map.Entry<String, V> pattern : patterns.entrySet()) {
            if (ending(pattern.getKey()).matcher(layer).matches()) {
                return pattern.getValue();
            }
        }
        return otherwise;
    }

    static Pattern ending(String expression) {
        return Pattern.compile("(.*\\.)?(" + expression + ")");
    }

    /// The file's contents, every key as PEFT writes it.
    ///
    /// @param basePath where the base model lies
    /// @param layers the adapted layers
    ObjectNode toJson(Path basePath, Iterable<String> layers) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode alphas = json.putObject("alpha_pattern");
        alphaPattern.forEach((pattern, value) -> putWhole(alphas, pattern, value));
        json.putNull("auto_mapping");
        json.put("base_model_name_or_path", basePath.toString());
        json.put("bias", "none").put("fan_in_fan_out", false);
        json.put("inference_mode", true).put("init_lora_weights", true);
        json.putNull("layer_replication").putNull("layers_pattern").putNull("layers_to_transform");
        json.putObject("loftq_config");
        putWhole(json, "lora_alpha", alpha);
        json.put("lora_dropout", 0.0);
        json.putNull("megatron_config").put("megatron_core", "megatron.core").putNull("modules_to_save");
        json.put("peft_type", "LORA").put("r", r);
        ObjectNode ranks = json.putObject("rank_pattern");
        rankPattern.forEach(ranks::put);
        json.putNull("revision");
        var targets = json.putArray("target_modules");
        (targetModules == null ? layers : targetModules).forEach(targets::add);
        json.put("task_type", "CAUSAL_LM").put("use_dora", false).put("use_rslora", useRslora);
        return json;
    }

    /// PEFT declares `lora_alpha` a whole number.
    private static void putWhole(ObjectNode json, String key, double value) {
        if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) {
            json.put(key, (int) value);
        } else {
            json.put(key, value);
        }
    }

    /// Whether `directory` is an adapter's.
    static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(NAME));
    }
}
