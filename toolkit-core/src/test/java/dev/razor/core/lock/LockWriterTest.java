package dev.razor.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.lock.CacheCheck.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockWriterTest {

    private static final String ONE = "1".repeat(63) + "a";
    private static final String TWO = "2".repeat(63) + "b";

    @TempDir
    private Path folder;

    private Path lock(String text) throws IOException {
        return Files.writeString(folder.resolve("models.lock"), text);
    }

    @Test
    void fill_changesTheNullsOfItsEntryAlone() throws IOException {
        String text = """
                # a comment, sha256: null
                models:
                  a:   # the first
                    repository: o/a
                    revision: r
                    licence: MIT # sha256: null
                    files:
                      - {path: x.json, bytes: 3, sha256: null} # known size
                      - {path: sub/x.json, bytes: null, sha256: ~}
                  b:
                    repository: o/b
                    revision: r
                    licence: MIT
                    files:
                      - {path: x.json, bytes: null, sha256: null}
                """;
        Path file = lock(text);
        ModelsLock read = ModelsLock.read(file);
        int filled = LockWriter.fill(
                read, read.entry("a"), Map.of("x.json", new Found(3, ONE), "sub/x.json", new Found(4, TWO)));
        assertThat(filled).isEqualTo(2);
        assertThat(file)
                .content()
                .isEqualTo(text.replace("bytes: 3, sha256: null", "bytes: 3, sha256: " + ONE)
                        .replace("bytes: null, sha256: ~", "bytes: 4, sha256: " + TWO));
        assertThat(folder.toFile().list()).containsExactly("models.lock");
    }

    @Test
    void whatIsRecorded_isNeverChanged() throws IOException {
        String text = """
                datasets:
                  a: {addresses: ["http://h/{path}"], licence: MIT, files: [{path: x.json, bytes: 3, sha256: %s}]}
                """.formatted(ONE);
        Path file = lock(text);
        ModelsLock read = ModelsLock.read(file);
        assertThat(LockWriter.fill(read, read.entry("a"), Map.of("x.json", new Found(9, TWO))))
                .isZero();
        assertThat(file).hasContent(text);
    }

    @Test
    void aStyleThatIsNotUnderstood_leavesTheFile() throws IOException {
        String text = """
                models:
                  a:
                    repository: o/a
                    revision: r
                    licence: MIT
                    files:
                      - sha256: null
                        path: x.json
                """;
        Path file = lock(text);
        ModelsLock read = ModelsLock.read(file);
        assertThatThrownBy(() -> LockWriter.fill(read, read.entry("a"), Map.of("x.json", new Found(3, ONE))))
                .hasMessageContaining("a: is not written as one line a file");
        assertThat(file).hasContent(text);
        assertThat(folder.toFile().list()).containsExactly("models.lock");
    }
}
