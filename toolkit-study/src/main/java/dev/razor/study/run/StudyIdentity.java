package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import dev.razor.core.run.OutputDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which study a directory belongs to: its base model and its task. Everything else of the study file may be
/// edited; what follows from it is done anew ([UnitInputs]).
///
/// @param base digest of the base model
/// @param task names of the task's files and its reward
record StudyIdentity(String base, String task) {

    private static final String FILE = "identity.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    static StudyIdentity of(StudyConfig study, String base) {
        StudyConfig.Task task = study.task();
        return new StudyIdentity(
                base,
                "%s, %s, %s"
                        .formatted(task.test(), task.klPrompts(), task.rewards().reward()));
    }

    /// Marks a new or empty `directory` as this study's, or checks that it is.
    ///
    /// @throws ConfigException if it belongs to another study or holds something else
    void claim(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            OutputDirectory.deleteUnpublished(directory);
            OutputDirectory.create(directory);
            ObjectNode node = JSON.createObjectNode();
            node.put("base", base);
            node.put("task", task);
            OutputDirectory.publish(
                    file,
                    path -> Files.writeString(
                            path, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node)));
            return;
        }
        JsonNode found;
        try {
            found = JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: cannot be read: %s; choose another directory with --set output=DIR"
                            .formatted(file, JsonReason.of(e)),
                    e);
        }
        require(directory, "base model (sha256)", found.path("base").asString(""), base);
        require(directory, "task", found.path("task").asString(""), task);
    }

    private static void require(Path directory, String what, String found, String expected) {
        if (!found.equals(expected)) {
            throw new ConfigException(
                    "output: %s belongs to another study (its %s is %s, not %s); choose another with --set output=DIR, or delete it"
                            .formatted(directory, what, found, expected));
        }
    }
}
