package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an interrupted fetch leaves, and files whose names could meet there.
final class StagingTest {

    @TempDir
    private Path folder;

    private FetchCase it;

    @BeforeEach
    void make() throws IOException {
        it = new FetchCase(folder, 1000);
    }

    private String line(String path, Path content) throws IOException {
        return "{path: %s, bytes: %d, sha256: %s}".formatted(path, Files.size(content), Sha256.ofFile(content));
    }

    private void interrupted(LockEntry entry) {
        assertThatThrownBy(() -> it.fetch(entry)).isInstanceOf(DataException.class);
    }

    @Test
    void filesThatTheLockNoLongerNames_areNotPublished() throws Exception {
        try (HostileServer server = HostileServer.script()) {
            server.put("/old.json", it.original).put("/a/old.json", it.original).put("/new.json", it.original);
            interrupted(it.holding(
                    List.of(
                            line("old.json", it.original),
                            line("a/old.json", it.original),
                            line("later.json", it.original)),
                    server.address()));
            assertThat(it.cache.directory().resolve(".fetch/thing/files/a/old.json"))
                    .exists();
            it.fetch(it.holding(List.of(line("new.json", it.original)), server.address()));
            try (var tree = Files.walk(it.place())) {
                assertThat(tree)
                        .containsExactlyInAnyOrder(it.place(), it.place().resolve("new.json"));
            }
        }
    }

    @Test
    void aFolderThatBecameAFile_isReplaced() throws Exception {
        try (HostileServer server = HostileServer.script()) {
            server.put("/a/b", it.original).put("/a", it.original).put("/c/d", it.original);
            interrupted(it.holding(
                    List.of(line("a/b", it.original), line("c", it.original), line("missing", it.original)),
                    server.address()));
            it.fetch(it.holding(List.of(line("a", it.original), line("c/d", it.original)), server.address()));
            assertThat(FetchCase.files(it.place())).containsExactlyInAnyOrder("a", "c/d");
        }
    }

    /// Where a file is from was once noted beside it as `FILE.source`, which another file may be called.
    @Test
    void aFileThatIsCalledAsANote_keepsItsBytes() throws Exception {
        Path other = folder.resolve("other");
        FetchCase.write(other, 5_000_000, 2);
        FetchCase.write(it.original, 5_000_000, 3);
        try (HostileServer server = HostileServer.script()) {
            server.put("/big.dat", it.original).put("/big.dat.source", other);
            server.slow(20_000_000);
            it.fetch(it.holding(
                    List.of(
                            "{path: big.dat, bytes: 5000000, sha256: null}",
                            "{path: big.dat.source, bytes: null, sha256: null}"),
                    server.address()));
            assertThat(it.place().resolve("big.dat")).hasSameBinaryContentAs(it.original);
            assertThat(it.place().resolve("big.dat.source")).hasSameBinaryContentAs(other);
        }
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(
            strings = {"thing.lock", "thing/parts/data.jsonl", "thing/sources/data.jsonl", "thing/files/data.jsonl"})
    void aPipe_isRefused(String path) throws Exception {
        Path pipe = it.cache.directory().resolve(".fetch").resolve(path);
        Files.createDirectories(pipe.getParent());
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        LockEntry entry = it.entry("http://127.0.0.1:9");
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> it.fetch(entry))
                        .hasMessage("thing: %s is neither a file nor a directory; delete it".formatted(pipe)));
    }

    @Test
    void aFolderForWhatComes_isNoLink() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createDirectories(it.cache.directory());
        Path link = Files.createSymbolicLink(it.cache.directory().resolve(".fetch"), elsewhere);
        assertThatThrownBy(() -> it.fetch(it.entry("http://127.0.0.1:9")))
                .hasMessage("thing: %s is a link; delete it".formatted(link));
        assertThat(elsewhere).isEmptyDirectory();
    }
}
