package dev.razor.study.quickstart;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Writes the quick-start study's data: the new task's prompts and labels, the skills' test questions, and a
/// README that says how they were made. Only ASCII is written, and the same recipe always writes the same
/// bytes.
public final class QuickstartData {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private QuickstartData() {}

    /// Writes all files into `directory`, which must be new or empty.
    public static void write(Path directory, QuickstartWorld.Recipe recipe) throws IOException {
        requireEmpty(directory);
        QuickstartWorld world = new QuickstartWorld(recipe);
        Path task = Files.createDirectories(directory.resolve("task"));
        Path skills = Files.createDirectories(directory.resolve("skills"));
        lines(task.resolve("train.jsonl"), world.task().train());
        lines(task.resolve("test.jsonl"), world.task().test());
        lines(task.resolve("kl_prompts.jsonl"), world.task().klPrompts());
        lines(task.resolve("sft1.jsonl"), world.task().sft1());
        lines(task.resolve("sft2.jsonl"), world.task().sft2());
        lines(task.resolve("pairs.jsonl"), world.task().pairs());
        for (Skill skill : world.skills()) {
            lines(skills.resolve(skill.name() + ".jsonl"), skill.questions());
        }
        Files.writeString(directory.resolve("README.md"), DataReadme.text(world));
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            long count = entries.count();
            if (count > 0) {
                throw new DataException(
                        "%s: is not empty, got %s entries; name a new or empty directory".formatted(directory, count));
            }
        }
    }

    private static void lines(Path file, List<?> records) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Object entry : records) {
            text.append(JSON.writeValueAsString(entry)).append('\n');
        }
        Files.writeString(file, text);
    }
}
