package dev.razor.core.tokenizer;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.run.JsonReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object in a model's directory, read with messages that name the file.
///
/// @param path the file
/// @param root its object
record JsonFile(Path path, JsonNode root) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    static JsonFile read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path
                    + ": the file is missing; a model's directory needs it, copy it from where the model came from");
        }
        return parse(path, text(path));
    }

    static Optional<JsonFile> readIfPresent(Path path) {
        return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
    }

    static JsonFile parse(Path path, String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject()) {
                throw new CheckpointException(
                        path + ": expected a JSON object, got " + root.getNodeType() + "; replace the file");
            }
            return new JsonFile(path, root);
        } catch (JacksonException e) {
            throw new CheckpointException(path + ": not valid JSON, " + JsonReason.of(e) + "; replace the file", e);
        }
    }

    static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be read as UTF-8 text, " + e + "; replace the file", e);
        }
    }

    boolean has(String key) {
        return root.has(key);
    }

    /// The token that `key` names: a text, or an object whose `content` it is; empty if absent or null.
    Optional<String> token(String key) {
        JsonNode node = root.path(key);
        JsonNode content = node.isObject() ? node.path("content") : node;
        if (content.isMissingNode() || content.isNull()) {
            return Optional.empty();
        }
        if (!content.isString()) {
            throw wrong(key, "a text", node);
        }
        return Optional.of(content.stringValue());
    }

    /// The token ids at `key`, which holds a number or a list of numbers; none if absent or null.
    int[] ids(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return new int[0];
        }
        return (node.isArray() ? node.values().stream() : Stream.of(node))
                .mapToInt(id -> id(key, id))
                .toArray();
    }

    OptionalInt firstId(String key) {
        int[] ids = ids(key);
        return ids.length == 0 ? OptionalInt.empty() : OptionalInt.of(ids[0]);
    }

    int id(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw wrong(key, "a token id or a list of them", node);
        }
        return node.intValue();
    }

    CheckpointException wrong(String key, String expected, JsonNode got) {
        String shown = got.isMissingNode() ? "nothing" : got.toString();
        return new CheckpointException("%s: %s must be %s, got %s; correct the file"
                .formatted(path, key, expected, shown.length() > 80 ? shown.substring(0, 80) + "..." : shown));
    }
}
