package dev.razor.core.task;

import dev.razor.core.base.Check;
import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonLine;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Provenance;
import dev.razor.core.run.Sha256;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes a task's `train.jsonl`, `validation.jsonl` and `test.jsonl` out of its source files, with a
/// `manifest.json` that says what they were made of. The same sources and settings give the same bytes; a part
/// without prompts gets no file.
///
/// @param input source files, or directories of them
/// @param test source files whose prompts are the test part; empty where [#split] cuts it off. What they hold is
///     never trained on: prompts of their groups are left out of the other parts
/// @param limit at most so many prompts of `input` are taken
public record TaskPreparation(Task task, List<Path> input, List<Path> test, Split split, long seed, int limit) {

    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public TaskPreparation {
        Check.that(!input.isEmpty(), "there must be an input");
        Check.that(limit > 0, "limit must be positive, got %d", limit);
        Check.that(test.isEmpty() || split.test() == 0, "with test files, the share of the test must be 0");
        input = List.copyOf(input);
        test = List.copyOf(test);
    }

    /// What was written.
    ///
    /// @param counts prompts by file name
    /// @param leftOut source records that were not used, by reason
    public record Written(Map<String, Integer> counts, Map<String, Integer> leftOut) {}

    /// Reads the sources and publishes the directory `output`.
    ///
    /// @throws dev.razor.core.base.ConfigException if `output` exists or cannot be written
    /// @throws DataException naming file, line and field of every source record that cannot be used
    public Written write(Path output) {
        List<Path> inputFiles = TaskFiles.of("--input", input);
        List<Path> testFiles = TaskFiles.of("--test", test);
        PreparedTasks tested = read(testFiles);
        PreparedTasks given = read(inputFiles);
        if (!testFiles.isEmpty()) {
            tested.requireGood(testFiles.getFirst());
            given.removeGroupsOf(tested.tasks(), "of a group that is tested");
        }
        given.requireGood(inputFiles.getFirst());
        Split.Parts parts = split.cut(given.tasks(), seed, limit);
        Map<String, List<PreparedTask>> files = new LinkedHashMap<>();
        files.put("train.jsonl", parts.train());
        files.put("validation.jsonl", parts.validation());
        files.put("test.jsonl", testFiles.isEmpty() ? parts.test() : tested.tasks());
        files.values().removeIf(List::isEmpty);
        ObjectNode manifest = manifest(parts.groups());
        addSources(manifest, "input", inputFiles, given);
        addSources(manifest, "test_input", testFiles, tested);
        OutputDirectory.publish(output, directory -> {
            Files.createDirectory(directory);
            ObjectNode written = manifest.putObject("files");
            for (Map.Entry<String, List<PreparedTask>> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey());
                writeLines(path, file.getValue());
                written.putObject(file.getKey())
                        .put("prompts", file.getValue().size())
                        .put("sha256", Sha256.ofFile(path));
            }
            Files.writeString(directory.resolve("manifest.json"), PRETTY.writeValueAsString(manifest) + "\n");
        });
        Map<String, Integer> counts = new LinkedHashMap<>();
        files.forEach((name, tasks) -> counts.put(name, tasks.size()));
        return new Written(counts, given.leftOut());
    }

    private PreparedTasks read(List<Path> files) {
        PreparedTasks tasks = new PreparedTasks(task);
        for (Path file : files) {
            task.forEach(file, tasks::read);
        }
        return tasks;
    }

    private static void writeLines(Path file, List<PreparedTask> tasks) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (PreparedTask task : tasks) {
                out.write(JsonLine.of(task.node()) + "\n");
            }
        }
    }

    private ObjectNode manifest(int groups) {
        Provenance provenance = Provenance.capture("", List.of(), Instant.EPOCH);
        ObjectNode manifest = PRETTY.createObjectNode();
        manifest.put("task", task.key());
        manifest.put("razor_version", provenance.razorVersion());
        manifest.put("git_commit", provenance.gitCommit());
        manifest.put("seed", seed);
        ArrayNode shares = manifest.putArray("split");
        shares.add(split.train()).add(split.validation()).add(split.test());
        if (limit < Integer.MAX_VALUE) {
            manifest.put("limit", limit);
        } else {
            manifest.putNull("limit");
        }
        manifest.put("groups", groups);
        return manifest;
    }

    /// Names files without their folders, which differ from machine to machine.
    private static void addSources(ObjectNode manifest, String key, List<Path> files, PreparedTasks tasks) {
        ObjectNode sources = manifest.putObject(key);
        ArrayNode list = sources.putArray("files");
        for (Path file : files) {
            list.addObject().put("name", String.valueOf(file.getFileName())).put("sha256", Sha256.ofFile(file));
        }
        sources.put("prompts", tasks.tasks().size());
        tasks.leftOutJson(sources.putObject("left_out"));
    }
}
