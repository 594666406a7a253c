package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.study.run.RecordCounts.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordCountsTest {

    @TempDir
    private Path folder;

    /// `{"a":"x"}` has 9 characters, two tokens; with 40 of them 48, twelve.
    @Test
    void of_countsRecordsAndTheirTokens() throws IOException {
        Files.writeString(folder.resolve("1.jsonl"), "{\"a\": \"x\"}\n{\"a\": \"%s\"}\n".formatted("x".repeat(40)));
        Files.writeString(folder.resolve("2.jsonl"), "{\"a\": \"x\"}\n");
        RecordCounts counts = new RecordCounts();
        assertThat(counts.of(folder.resolve("1.jsonl"))).contains(new Size(2, 14, 12));
        assertThat(counts.of(folder.resolve("*.jsonl"))).contains(new Size(3, 16, 12));
        assertThat(new Size(3, 16, 12).tokensEach()).isEqualTo(16 / 3.0);
        assertThat(counts.of(folder.resolve("3.jsonl"))).isEmpty();
        assertThat(Size.NONE.tokensEach()).isEqualTo(1);
    }
}
