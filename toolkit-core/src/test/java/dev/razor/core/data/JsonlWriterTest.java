package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonlWriterTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private static ObjectNode line(String id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }

    @Test
    void commit_publishesAllLines() {
        Path file = folder.resolve("sub/out.jsonl");
        try (JsonlWriter out = JsonlWriter.create(file)) {
            out.write(line("é").put("logprob", Double.NEGATIVE_INFINITY));
            out.write(line("b\n"));
            assertThat(file).doesNotExist();
            out.commit();
        }
        assertThat(file).hasContent("{\"id\":\"é\",\"logprob\":null}\n{\"id\":\"b\\n\"}\n");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**/.*");
        assertThat(Jsonl.read(file)).extracting(record -> record.text("id")).containsExactly("é", "b\n");
    }

    @Test
    void close_withoutCommitLeavesNothing() {
        try (JsonlWriter out = JsonlWriter.create(folder.resolve("out.jsonl"))) {
            out.write(line("a"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void create_refusesAnExistingFile() throws IOException {
        Path file = Files.writeString(folder.resolve("out.jsonl"), "old");
        assertThatThrownBy(() -> JsonlWriter.create(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s exists; choose another name, or move it away", file);
        assertThat(file).hasContent("old");
    }

    @Test
    void commit_refusesAFileThatAppearedMeanwhile() throws IOException {
        Path file = folder.resolve("out.jsonl");
        try (JsonlWriter out = JsonlWriter.create(file)) {
            out.write(line("a"));
            Files.writeString(file, "other");
            assertThatThrownBy(out::commit)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("output: %s exists; choose another name, or move it away", file);
        }
        assertThat(file).hasContent("other");
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
    }
}
