package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which study a directory belongs to: its settings, and the digests of its base model, data files and
/// teachers. A
/// directory
/// is continued by the same study alone.
final class StudyIdentity {

    private static final String FILE = "identity.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode identity;

    /// @param data the study's data folder; a file is named by its place in it
    StudyIdentity(StudyConfig study, Path base, Path data, StudyInputs inputs) {
        identity = JSON.createObjectNode();
        ObjectNode settings = ConfigWriter.toNode(study);
        settings.remove(List.of("output", "data", "base", "title", "eval_batch_size", "device"));
        identity.set("settings", settings);
        identity.put("base", Sha256.ofModel(base));
        var digests = new TreeMap<String, String>();
        inputs.dataFiles().forEach(file -> digests.put(data.relativize(file).toString(), Sha256.ofFile(file)));
        ObjectNode shown = identity.putObject("data");
        digests.forEach(shown::put);
        if (!inputs.teachers().isEmpty()) {
            ArrayNode models = identity.putArray("teachers");
            inputs.teachers().forEach(teacher -> models.add(Sha256.ofModel(teacher)));
        }
    }

    /// The digests of base and data, for the report.
    ObjectNode json() {
        return identity;
    }

    /// Marks a new or empty `directory` as this study's, or checks that it is.
    ///
    /// @throws ConfigException if it belongs to another study or holds something else
    void claim(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            OutputDirectory.create(directory);
            OutputDirectory.publish(
                    file,
                    path -> Files.writeString(
                            path, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(identity)));
            return;
        }
        JsonNode found;
        try {
            found = JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Compared as text: a number read back need not have the Java type it was written with.
        if (!found.equals(JSON.readTree(JSON.writeValueAsString(identity)))) {
            throw new ConfigException(
                    "output: %s belongs to another study (other settings, base model or data; see its %s); choose another with --set output=DIR, or delete it"
                            .formatted(directory, FILE));
        }
    }
}
