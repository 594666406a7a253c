package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Progress;
import dev.razor.core.task.Split;
import dev.razor.core.task.TaskPreparation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A task to prepare from a data set's own files.
///
/// @param where the section's name, for messages
/// @param output the folder to make
record TaskStep(String where, TaskSource source, List<Named> input, List<Named> test, Path output) implements DataStep {

    private static final String MANIFEST = "manifest.json";

    /// Reads a section of `prepare`.
    ///
    /// @throws dev.razor.core.base.ConfigException with a line for every problem
    static TaskStep of(String where, ObjectNode keys, StudyPlaces places) {
        TaskSource source = ConfigLoader.bind(keys, where, TaskSource.class);
        return new TaskStep(
                where,
                source,
                named(source.input(), places),
                named(source.test(), places),
                places.data().resolve(source.output()).normalize());
    }

    private static List<Named> named(List<Path> files, StudyPlaces places) {
        return files.stream().map(file -> Named.of(file, places.data())).toList();
    }

    @Override
    public boolean isToDo() {
        return !Files.exists(output);
    }

    /// A task has no other files. Whether all of its parts have prompts is known when it is made.
    @Override
    public boolean brings(Path file) {
        return Stream.of("train.jsonl", "validation.jsonl", "test.jsonl", MANIFEST)
                .anyMatch(name -> output.resolve(name).equals(file));
    }

    @Override
    public Stream<Named> sources() {
        return Stream.concat(input.stream(), test.stream());
    }

    @Override
    public List<String> problems(Predicate<Path> comes) {
        return sources()
                .flatMap(named -> named.problem().stream())
                .map(problem -> where + ": " + problem)
                .toList();
    }

    @Override
    public List<String> notes() {
        if (isToDo()) {
            return List.of("prepared first: %s, the task %s"
                    .formatted(output, source.task().key()));
        }
        List<String> differences = new ArrayList<>();
        JsonNode manifest;
        try {
            manifest = JsonMapper.shared().readTree(output.resolve(MANIFEST).toFile());
        } catch (JacksonException _) {
            return List.of(); // files of the user's own
        }
        compare("task", manifest.path("task").asString(""), source.task().key(), differences);
        compare("seed", manifest.path("seed").asLong(0), source.seed(), differences);
        compare("limit", manifest.path("limit").asInt(0), source.limit(), differences);
        return differences.isEmpty()
                ? List.of()
                : List.of("left as it is: %s, prepared with %s; move it away to have it prepared anew"
                        .formatted(output, String.join(", ", differences)));
    }

    private static void compare(String key, Object was, Object is, List<String> differences) {
        if (!was.equals(is)) {
            differences.add("%s %s, not %s".formatted(key, was, is));
        }
    }

    @Override
    public void make(Consumer<String> told, Progress progress) {
        try {
            new TaskPreparation(
                            source.task(),
                            places(input),
                            places(test),
                            test.isEmpty() ? Split.STANDARD : new Split(1, 0, 0),
                            source.seed(),
                            source.limit() == 0 ? Integer.MAX_VALUE : source.limit())
                    .write(output)
                    .counts()
                    .forEach((file, prompts) ->
                            told.accept("prepared %d prompts: %s".formatted(prompts, output.resolve(file))));
        } catch (ConfigException e) {
            if (!Files.exists(output.resolve(MANIFEST))) {
                throw e;
            }
            told.accept("prepared by another process meanwhile: " + output);
        }
    }

    private static List<Path> places(List<Named> files) {
        return files.stream().map(Named::place).toList();
    }
}
