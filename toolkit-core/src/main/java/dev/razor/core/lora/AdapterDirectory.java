package dev.razor.core.lora;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.checkpoint.Shown;
import dev.razor.core.run.JsonReason;
import dev.razor.core.run.Sha256;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An adapter's directory as PEFT writes it, `adapter_config.json` and `adapter_model.safetensors`, with
/// `razor_adapter.json` where Razor wrote it: the digest of the base model it was trained on.
public record AdapterDirectory(Path path, AdapterConfig config) {

    /// The file that pins the base model.
    static final String PIN = "razor_adapter.json";

    static final String BASE_KEY = "base_sha256";

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Whether `directory` is an adapter's.
    public static boolean is(Path directory) {
        return AdapterConfig.isIn(directory);
    }

    /// Reads what `directory` says of the adapter, without its tensors.
    ///
    /// @throws CheckpointException if it is no adapter's directory, or an adapter that Razor does not compute
    public static AdapterDirectory open(Path directory) {
        if (!is(directory)) {
            throw new CheckpointException(
                    "%s: holds no %s; give a PEFT adapter's directory".formatted(directory, AdapterConfig.NAME));
        }
        return new AdapterDirectory(directory, AdapterConfig.read(directory));
    }

    /// The base model's directory: `given`, or the one that `base_model_name_or_path` names, which is absolute or
    /// relative to the adapter's or the working directory.
    ///
    /// @throws CheckpointException if there is no model, or an adapter in its place
    public Path base(@Nullable Path given) {
        SequencedSet<Path> places = new LinkedHashSet<>();
        try {
            if (given != null) {
                places.add(given);
            } else {
                places.add(path.resolve(config.base()).normalize());
                places.add(Path.of(config.base()));
            }
        } catch (InvalidPathException e) {
            throw new CheckpointException(
                    "%s: base_model_name_or_path: %s is no path; write the base model's directory there"
                            .formatted(path.resolve(AdapterConfig.NAME), Shown.of(config.base())),
                    e);
        }
        for (Path place : places) {
            if (is(place)) {
                throw new CheckpointException(
                        "%s: its base %s is an adapter itself; merge that one first (razor merge), and name the result as the base"
                                .formatted(path, place));
            }
            if (Files.isRegularFile(place.resolve(ModelConfigFile.NAME))) {
                return place;
            }
        }
        if (given != null) {
            throw new CheckpointException(
                    "%s: holds no %s; give the base model's directory".formatted(given, ModelConfigFile.NAME));
        }
        throw new CheckpointException(
                "%s: base_model_name_or_path: there is no model in %s; write the base model's directory there (razor merge takes --base)"
                        .formatted(
                                path.resolve(AdapterConfig.NAME),
                                String.join(
                                        " or ",
                                        places.stream().map(Path::toString).toList())));
    }

    /// Where the tokenizer is read from: here where there is one, else the base.
    public Path tokenizer(Path base) {
        return Files.exists(path.resolve("tokenizer.json")) ? path : base;
    }

    /// Throws if the adapter was trained on another base than `base`, as far as it says so.
    ///
    /// @return the digest of `base`
    /// @throws CheckpointException with both digests
    public String requireBase(Path base) {
        String digest = Sha256.ofModel(base);
        Path pin = path.resolve(PIN);
        if (Files.exists(pin)) {
            String expected = pinned(pin);
            if (!expected.equals(digest)) {
                throw new CheckpointException(
                        "%s: the adapter was trained on a base with sha256 %s, but %s has %s; give that base, or delete this file to use another"
                                .formatted(pin, expected, base, digest));
            }
        }
        return digest;
    }

    private static String pinned(Path pin) {
        try {
            JsonNode value = JSON.readTree(pin.toFile()).path(BASE_KEY);
            if (value.isString()) {
                return value.asString();
            }
            throw new CheckpointException(
                    "%s: %s: expected a digest, got %s; copy the file again".formatted(pin, BASE_KEY, Shown.of(value)));
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: not valid JSON: %s; copy it again".formatted(pin, Shown.of(JsonReason.of(e))), e);
        }
    }
}
