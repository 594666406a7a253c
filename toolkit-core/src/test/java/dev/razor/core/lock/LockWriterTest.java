package dev.razor.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.CacheCheck.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("models.lock", ".models.lock.lock");
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
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("models.lock", ".models.lock.lock");
    }

    private static String entries(int many) {
        StringBuilder text = new StringBuilder("models:\n");
        for (int i = 0; i < many; i++) {
            text.append("""
                      z%d:
                        repository: o/z
                        revision: r
                        licence: MIT
                        files:
                          - {path: x.json, bytes: null, sha256: null}
                    """.formatted(i).indent(2));
        }
        return text.toString();
    }

    @Test
    void whatAnotherWroteMeanwhile_stays() throws IOException {
        Path file = lock(entries(2));
        ModelsLock before = ModelsLock.read(file);
        LockWriter.fill(before, before.entry("z1"), Map.of("x.json", new Found(3, ONE)));
        assertThat(LockWriter.fill(before, before.entry("z0"), Map.of("x.json", new Found(4, TWO))))
                .isEqualTo(1);
        assertThat(ModelsLock.read(file).entries())
                .allMatch(entry -> entry.unpinned().isEmpty());
    }

    @Test
    void anEntryThatWasChangedMeanwhile_isLeft() throws IOException {
        Path file = lock(entries(1));
        ModelsLock before = ModelsLock.read(file);
        String text = entries(1).replace("revision: r", "revision: s");
        lock(text);
        assertThatThrownBy(() -> LockWriter.fill(before, before.entry("z0"), Map.of("x.json", new Found(3, ONE))))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("z0: was changed while its files were looked at; run it again");
        assertThat(file).hasContent(text);
    }

    @Test
    void processesAtTheSameTime_loseNothing() throws IOException, InterruptedException {
        Path file = lock(entries(45));
        List<Process> processes = new ArrayList<>();
        for (int first = 0; first < 3; first++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockMain.class.getName(),
                            file.toString(),
                            Integer.toString(first))
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(ModelsLock.read(file).entries())
                .allMatch(entry -> entry.unpinned().isEmpty());
    }

    @Test
    void commentsAndWhatStandsInQuotes_stay() throws IOException {
        String text = """
                models:
                  a:
                    repository: o/a
                    revision: r
                    files:
                      # first: bytes: null, sha256: null, path: y.json
                      - {path: "x.json", bytes: null, sha256: null} # sha256: null until someone locks it, bytes: null
                      # second: sha256: null
                    licence: "it's # , bytes: null, sha256: null"
                """;
        Path file = lock(text);
        ModelsLock read = ModelsLock.read(file);
        LockWriter.fill(read, read.entry("a"), Map.of("x.json", new Found(3, ONE), "y.json", new Found(3, TWO)));
        assertThat(file)
                .content()
                .isEqualTo(text.replace(
                        "\"x.json\", bytes: null, sha256: null}", "\"x.json\", bytes: 3, sha256: " + ONE + "}"));
    }

    @Test
    void whatIsNotWhatIsRecorded_isRefused() throws IOException {
        String text = entries(1).replace("bytes: null", "bytes: 1000080");
        Path file = lock(text);
        ModelsLock read = ModelsLock.read(file);
        assertThatThrownBy(() -> LockWriter.fill(read, read.entry("z0"), Map.of("x.json", new Found(1000087, ONE))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("z0/x.json: has 1,000,080 bytes in models.lock, what was found has 1,000,087;"
                        + " correct the revision, or write null there to record what was found");
        assertThat(file).hasContent(text);
    }

    @Test
    void aLinkAndItsTargetsRights_stay() throws IOException {
        Path file = lock(entries(1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("sub")).resolve("other.lock"), file);
        ModelsLock read = ModelsLock.read(link);
        LockWriter.fill(read, read.entry("z0"), Map.of("x.json", new Found(3, ONE)));
        assertThat(link).isSymbolicLink();
        assertThat(file).content().contains(ONE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(folder.resolve("sub").toFile().list()).containsExactly("other.lock");
    }
}
