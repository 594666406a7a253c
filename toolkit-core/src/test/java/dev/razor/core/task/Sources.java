package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the tests of this package share.
final class Sources {

    private Sources() {}

    static JsonRecord record(String json) {
        return new JsonRecord(
                Path.of("source.jsonl"), 1, (ObjectNode) JsonMapper.shared().readTree(json));
    }

    /// What a task makes of records.
    static PreparedTasks prepared(Task task, String... records) {
        PreparedTasks out = new PreparedTasks(task);
        for (String record : records) {
            out.read(record(record));
        }
        return out;
    }

    /// What a task makes of files.
    static List<PreparedTask> prepared(Task task, Path... files) {
        PreparedTasks out = new PreparedTasks(task);
        for (Path file : files) {
            task.forEach(file, out::read);
        }
        out.requireGood(files[0]);
        return out.tasks();
    }

    /// The content of a message of the record's prompt.
    static String content(PreparedTask task, int message) {
        return task.node().path("prompt").path(message).path("content").asString();
    }

    /// Digests of the prompts that the self-distillation paper's repository ships, the first 16 digits of
    /// sha256, made from its evaluation files apart from this code: `sha256(user message)`, sorted.
    static Set<String> shipped(String resource) {
        try (InputStream in = Objects.requireNonNull(Sources.class.getResourceAsStream(resource))) {
            return new HashSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A text's digest as in [#shipped].
    static String digest(String text) {
        return Sha256.ofText(text).substring(0, 16);
    }
}
