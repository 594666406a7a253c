package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRecordsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void load_conversationsAndTexts_judgedByTheReward() throws IOException {
        Files.createDirectories(folder.resolve("parity"));
        Files.writeString(folder.resolve("parity/test.jsonl"), """
                {"id": "p1", "prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}], "answers": ["1", "3"]}
                {"prompt": "V", "answers": ["0"]}
                """);
        GenerativeBenchmark task = new TaskRecords("parity", "one_of", 8);
        List<GenerativeDocument> documents = task.load(folder, 0);
        assertThat(documents).extracting(GenerativeDocument::id).containsExactly("p1", "1");
        assertThat(documents.getFirst().turns()).hasSize(2);
        assertThat(documents.getFirst().grader().grade(" 3\n")).containsEntry("acc", List.of(1.0));
        assertThat(documents.getFirst().grader().grade("0")).containsEntry("acc", List.of(0.0));
        assertThat(documents.getLast().grader().grade("0")).containsEntry("acc", List.of(1.0));
        task.close();
        assertThat(task.needsChatTemplate()).isTrue();
    }

    @Test
    void load_mistakes_areOneLine() throws IOException {
        assertThatThrownBy(() -> new TaskRecords("parity", "one_of", 8).load(folder, 0))
                .hasMessageContaining("parity: there is no ", "razor data prepare parity");
        Files.createDirectories(folder.resolve("parity"));
        Path file = Files.writeString(folder.resolve("parity/test.jsonl"), "{\"prompt\": \"V\"}\n");
        assertThatThrownBy(() -> new TaskRecords("parity", "one_of", 8).load(folder, 0))
                .hasMessageContaining(file + ":1: answers: missing");
    }
}
