package dev.razor.core.checkpoint;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.run.JsonReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model directory's `config.json`: which architecture it is, and its sizes.
///
/// Keys that would change the computation and that Razor does not compute (sliding windows, scaled RoPE, another
/// activation) are refused rather than ignored. All problems of a file are reported together.
public final class ModelConfigFile {

    /// Its name in a model directory.
    public static final String NAME = "config.json";

    private static final JsonMapper JSON = JsonMapper.shared();

    private ModelConfigFile() {}

    /// Reads `directory/config.json` as it stands.
    ///
    /// @throws CheckpointException if it is missing or not a JSON object
    public static ObjectNode readJson(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isDirectory(directory)) {
            throw new CheckpointException(
                    "model: %s is not a directory; give a Hugging Face model directory".formatted(directory));
        }
        if (!Files.exists(file)) {
            throw new CheckpointException("%s: no such file; give a Hugging Face model directory".formatted(file));
        }
        try {
            if (JSON.readTree(file.toFile()) instanceof ObjectNode root) {
                return root;
            }
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: not valid JSON: %s; download it again".formatted(file, Shown.of(JsonReason.of(e))), e);
        }
        throw new CheckpointException("%s: expected a JSON object; download it again".formatted(file));
    }

    /// The sizes in `json`, which was read from `directory` (for messages).
    ///
    /// @throws CheckpointException naming every key that is missing, of a wrong type or not supported
    public static Qwen2Config qwen2(Path directory, ObjectNode json) {
        Path file = directory.resolve(NAME);
        String architecture = json.path("architectures")
                .path(0)
                .asString(json.path("model_type").asString("none"));
        if (!architecture.equals("Qwen2ForCausalLM") && !architecture.equals("qwen2")) {
            throw new CheckpointException(
                    "%s: architectures: %s is not one Razor has; it has Qwen2ForCausalLM; choose such a model"
                            .formatted(file, Shown.of(architecture)));
        }
        var reader = new Reader(json, new ArrayList<>());
        reader.refuse(
                "model_type",
                json.has("model_type") && !json.path("model_type").asString("").equals("qwen2"));
        reader.refuse(
                "hidden_act",
                json.has("hidden_act") && !json.path("hidden_act").asString("").equals("silu"));
        reader.refuse("use_sliding_window", json.path("use_sliding_window").asBoolean(false));
        reader.refuse(
                "rope_scaling",
                json.has("rope_scaling") && !json.path("rope_scaling").isNull());
        int heads = reader.integer("num_attention_heads");
        int hidden = reader.integer("hidden_size");
        if (json.has("head_dim") && heads > 0) {
            reader.refuse("head_dim", json.path("head_dim").asInt(0) != hidden / heads);
        }
        JsonNode ropeType = json.path("rope_parameters").path("rope_type");
        reader.refuse(
                "rope_parameters",
                !ropeType.isMissingNode() && !ropeType.asString("").equals("default"));
        int vocabulary = reader.integer("vocab_size");
        int intermediate = reader.integer("intermediate_size");
        int layers = reader.integer("num_hidden_layers");
        int keyValueHeads = reader.integer("num_key_value_heads");
        int positions = reader.integer("max_position_embeddings");
        double eps = reader.number("rms_norm_eps", json.path("rms_norm_eps"));
        JsonNode nestedTheta = json.path("rope_parameters").path("rope_theta"); // transformers 5 keeps it there
        double theta = reader.number("rope_theta", json.has("rope_theta") ? json.path("rope_theta") : nestedTheta);
        JsonNode tied = json.path("tie_word_embeddings");
        if (!tied.isMissingNode() && !tied.isBoolean()) {
            reader.problems.add("tie_word_embeddings: expected true or false, got %s; download the file again"
                    .formatted(Shown.of(tied)));
        }
        reader.throwIfAny(file);
        try {
            return new Qwen2Config(
                    vocabulary,
                    hidden,
                    intermediate,
                    layers,
                    heads,
                    keyValueHeads,
                    positions,
                    eps,
                    theta,
                    tied.asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("%s: %s; download the file again".formatted(file, e.getMessage()), e);
        }
    }

    private record Reader(ObjectNode json, List<String> problems) {

        int integer(String key) {
            JsonNode value = json.path(key);
            if (value.isMissingNode()) {
                problems.add("%s: missing; every Qwen2 model states it, download the file again".formatted(key));
                return 0;
            }
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() <= 0) {
                problems.add("%s: expected a positive whole number, got %s; download the file again"
                        .formatted(key, Shown.of(value)));
                return 0;
            }
            return value.asInt();
        }

        double number(String key, JsonNode value) {
            if (value.isMissingNode()) {
                problems.add("%s: missing; every Qwen2 model states it, download the file again".formatted(key));
                return 0;
            }
            if (!value.isNumber()) {
                problems.add("%s: expected a number, got %s; download the file again".formatted(key, Shown.of(value)));
                return 0;
            }
            return value.asDouble();
        }

        void refuse(String key, boolean unsupported) {
            if (unsupported) {
                problems.add("%s: %s is not supported; Razor computes Qwen2 with silu, full attention and plain RoPE"
                        .formatted(key, Shown.of(json.path(key))));
            }
        }

        void throwIfAny(Path file) {
            if (!problems.isEmpty()) {
                throw new CheckpointException(
                        problems.stream().map(problem -> file + ": " + problem).toList());
            }
        }
    }
}
