package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.JsonReason;
import dev.razor.core.run.OutputDirectory;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

    /// Marks a new or empty `directory` as this study's, or checks that it is. One in which nothing was trained or
    /// measured yet can still become another's: what was wrong with the study file has been mended.
    ///
    /// @throws ConfigException if it belongs to another study or holds something else
    void claim(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            OutputDirectory.deleteUnpublished(directory);
            OutputDirectory.create(directory);
        } else if (isBegun(directory)) {
            List<String> problems = problems(directory);
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return;
        }
        ObjectNode node = JSON.createObjectNode();
        node.put("base", base);
        node.put("task", task);
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
    }

    private static boolean isBegun(Path directory) {
        return Files.exists(directory.resolve("measurements")) || Files.exists(directory.resolve("runs"));
    }

    /// What keeps `directory` from being this study's: nothing where it is new, or nothing was done in it yet.
    List<String> problems(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file) || !isBegun(directory)) {
            return List.of();
        }
        JsonNode found;
        try {
            found = JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            return List.of("%s: cannot be read: %s; choose another directory with --set output=DIR"
                    .formatted(file, JsonReason.of(e)));
        }
        return Stream.of(
                        problem(
                                directory,
                                "base model (sha256)",
                                found.path("base").asString(""),
                                base),
                        problem(directory, "task", found.path("task").asString(""), task))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> problem(Path directory, String what, String found, String expected) {
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of(
                        "output: %s belongs to another study (its %s is %s, not %s); choose another with --set output=DIR, or delete it"
                                .formatted(directory, what, found, expected));
    }
}
