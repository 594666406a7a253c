package dev.razor.core.lora;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.Shown;
import dev.razor.core.run.JsonReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads an `adapter_config.json`. A key that would change the computation and that Razor does not compute is
/// refused, and so is one that Razor does not know unless it is off (null, false, empty).
final class AdapterConfigReader {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Keys that are read below.
    private static final Set<String> READ = Set.of(
            "peft_type",
            "base_model_name_or_path",
            "r",
            "lora_alpha",
            "use_rslora",
            "target_modules",
            "rank_pattern",
            "alpha_pattern",
            "layers_to_transform",
            "exclude_modules",
            "bias",
            "task_type",
            "init_lora_weights");

    /// Keys that do not change what a finished adapter computes.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "auto_mapping",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "inference_mode",
            "layers_pattern",
            "loftq_config",
            "lora_dropout",
            "lora_ga_config",
            "megatron_config",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision");

    /// Ways to begin that leave the base's weights as they are (PiSSA and others take something out of them).
    private static final Set<String> BEGINNINGS = Set.of("gaussian", "eva", "orthogonal");

    private final Path file;
    private final ObjectNode json;
    private final List<String> problems = new ArrayList<>();

    private AdapterConfigReader(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
    }

    static AdapterConfig read(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: not valid JSON: %s; copy it again".formatted(file, Shown.of(JsonReason.of(e))), e);
        }
        if (root instanceof ObjectNode object) {
            return new AdapterConfigReader(file, object).config();
        }
        throw new CheckpointException("%s: expected a JSON object; copy it again".formatted(file));
    }

    private AdapterConfig config() {
        String type = json.path("peft_type").asString("nothing");
        if (!type.equals("LORA")) {
            throw new CheckpointException(
                    "%s: peft_type: %s is not one Razor has; it has LORA".formatted(file, Shown.of(type)));
        }
        refuseOthers();
        var config = new AdapterConfig(
                base(),
                (int) positive("r", json.path("r"), true),
                positive("lora_alpha", json.path("lora_alpha"), false),
                flag("use_rslora"),
                targets(),
                pattern("rank_pattern", value -> (int) positive("rank_pattern", value, true)),
                pattern("alpha_pattern", value -> positive("alpha_pattern", value, false)));
        if (!problems.isEmpty()) {
            throw new CheckpointException(
                    problems.stream().map(problem -> file + ": " + problem).toList());
        }
        return config;
    }

    private void refuseOthers() {
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String key = entry.getKey();
            if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key) && !isOff(entry.getValue())) {
                refuse(key);
            }
        }
        refuseUnless("bias", Set.of("none"));
        refuseUnless("task_type", Set.of("CAUSAL_LM"));
        JsonNode beginning = json.path("init_lora_weights");
        if (!beginning.isBoolean()) {
            refuseUnless("init_lora_weights", BEGINNINGS);
        }
    }

    private void refuseUnless(String key, Set<String> allowed) {
        JsonNode value = json.path(key);
        if (!isOff(value) && !allowed.contains(value.asString(""))) {
            refuse(key);
        }
    }

    private void refuse(String key) {
        problems.add("%s: %s is not supported; Razor computes plain and rank-stabilised LoRA on linear layers"
                .formatted(key, Shown.of(json.path(key))));
    }

    private static boolean isOff(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainer() && value.isEmpty());
    }

    private String base() {
        JsonNode value = json.path("base_model_name_or_path");
        if (!value.isString() || value.asString().isEmpty()) {
            problems.add("base_model_name_or_path: expected the base model's directory, got %s; write it there"
                    .formatted(Shown.of(value)));
        }
        return value.asString("");
    }

    private double positive(String key, JsonNode value, boolean whole) {
        boolean fits = whole ? value.isIntegralNumber() && value.canConvertToInt() : value.isNumber();
        double number = fits ? value.asDouble() : 0;
        if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
            problems.add("%s: expected a positive %s, got %s; copy the file again"
                    .formatted(key, whole ? "whole number" : "number", Shown.of(value)));
            return 1;
        }
        return number;
    }

    private boolean flag(String key) {
        JsonNode value = json.path(key);
        if (!value.isBoolean() && !isOff(value)) {
            problems.add("%s: expected true or false, got %s; copy the file again".formatted(key, Shown.of(value)));
        }
        return value.isBoolean() && value.asBoolean();
    }

    private @Nullable List<String> targets() {
        JsonNode value = json.path("target_modules");
        boolean exceptions = !isOff(json.path("layers_to_transform")) || !isOff(json.path("exclude_modules"));
        if (value.isString() || (exceptions && value.isArray())) {
            return null;
        }
        List<String> names = new ArrayList<>();
        value.values().forEach(name -> names.add(name.asString("")));
        if (!value.isArray() || names.isEmpty() || names.contains("")) {
            problems.add(
                    "target_modules: expected names of layers, got %s; copy the file again".formatted(Shown.of(value)));
        }
        return names;
    }

    private <V> SequencedMap<String, V> pattern(String key, Function<JsonNode, V> reading) {
        SequencedMap<String, V> pattern = new LinkedHashMap<>();
        JsonNode value = json.path(key);
        if (!isOff(value) && !value.isObject()) {
            problems.add("%s: expected an object, got %s; copy the file again".formatted(key, Shown.of(value)));
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            try {
                var _ = AdapterConfig.ending(entry.getKey());
                pattern.put(entry.getKey(), reading.apply(entry.getValue()));
            } catch (PatternSyntaxException e) {
                problems.add("%s: %s is no regular expression: %s; copy the file again"
                        .formatted(key, Shown.of(entry.getKey()), e.getDescription()));
            }
        }
        return pattern;
    }
}
