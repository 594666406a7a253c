package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.run.JsonReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/// A directory of golden numbers: `golden/` with the files of numbers, `tolerances.json`, and the directories
/// of the models they were computed with.
final class GoldenDirectory {

    /// The folder of the numbers.
    static final String NUMBERS = "golden";

    /// Python writes NaN for a score whose probabilities all underflow.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Path root;
    private final ModelDirectories models;
    private final Tolerances tolerances;

    private GoldenDirectory(Path root, ModelDirectories models, Tolerances tolerances) {
        this.root = root;
        this.models = models;
        this.tolerances = tolerances;
    }

    /// @throws DataException if it has not the form of a golden directory
    static GoldenDirectory open(Path root) {
        if (!Files.isDirectory(root)) {
            throw new DataException(
                    "%s: there is no such directory; give a directory of golden numbers".formatted(root));
        }
        if (!Files.isDirectory(root.resolve(NUMBERS))) {
            throw new DataException("%s: has no folder %s with the numbers; give a directory of golden numbers"
                    .formatted(root, NUMBERS));
        }
        Path tolerances = root.resolve("tolerances.json");
        return new GoldenDirectory(
                root,
                ModelDirectories.find(root),
                new Tolerances(Files.exists(tolerances) ? read("tolerances.json", tolerances) : null));
    }

    ModelDirectories models() {
        return models;
    }

    Tolerances tolerances() {
        return tolerances;
    }

    /// The JSON file `name` of the numbers.
    GoldenValue json(String name) {
        return read(NUMBERS + "/" + name, existing(name));
    }

    /// The safetensors file `name` of the numbers.
    GoldenTensors tensors(String name) {
        return new GoldenTensors(NUMBERS + "/" + name, SafetensorsFile.open(existing(name)));
    }

    private Path existing(String name) {
        Path file = root.resolve(NUMBERS).resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new DataException("%s/%s: no such file; restore it".formatted(NUMBERS, name));
        }
        return file;
    }

    private static GoldenValue read(String shown, Path file) {
        try {
            GoldenValue value = new GoldenValue(shown, JSON.readTree(Files.readString(file)));
            if (!value.node().isObject()) {
                throw value.misfit("an object");
            }
            return value;
        } catch (JacksonException e) {
            throw new DataException("%s: not valid JSON, %s; restore the file".formatted(shown, JsonReason.of(e)), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read, %s; restore the file".formatted(shown, e), e);
        }
    }

    /// Which models the divergences are between, by the names in their file; empty where it does not say.
    static Optional<String> named(Path root, String key) {
        Path file = root.resolve(NUMBERS).resolve("divergence.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            GoldenValue value = read(file.toString(), file);
            return value.has(key) ? Optional.of(value.get(key).text()) : Optional.empty();
        } catch (DataException e) {
            return Optional.empty(); // the divergences' own check reports it
        }
    }
}
