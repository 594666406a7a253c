package dev.razor.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelPlaceTest {

    /// Of the text "abc": FIPS 180-4's first example.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    private ModelsLock lock;
    private ModelCache cache;

    @BeforeEach
    void write() throws IOException {
        Path file = Files.writeString(folder.resolve("models.lock"), """
                models:
                  far: {repository: o/a, revision: r, licence: MIT, files: [{path: x/config.json, bytes: 3, sha256: %s}]}
                  near: {path: here/near, licence: MIT, files: [{path: config.json}]}
                """.formatted(ABC));
        lock = ModelsLock.read(file);
        cache = ModelCache.at(folder.resolve("cache"));
    }

    private Path directory(String name) {
        return ModelPlace.directory(Path.of(name), lock, cache);
    }

    @Test
    void aPath_isItself() {
        assertThat(directory("some/where")).isEqualTo(Path.of("some/where"));
        assertThat(directory("./far")).isEqualTo(Path.of("./far"));
        assertThat(ModelPlace.directory(folder, lock, cache)).isEqualTo(folder);
        assertThat(directory(".")).isEqualTo(Path.of("."));
    }

    @Test
    void aName_isWhereItWasFetchedTo() throws IOException {
        assertThatThrownBy(() -> directory("far")).hasMessage("model far: is not fetched; run: razor models fetch far");
        Files.createDirectories(folder.resolve("cache/far/x"));
        Files.writeString(folder.resolve("cache/far/x/config.json"), "four");
        assertThatThrownBy(() -> directory("far")).hasMessageContaining("is not fetched");
        Files.writeString(folder.resolve("cache/far/x/config.json"), "abc");
        assertThat(directory("far")).isEqualTo(folder.resolve("cache/far"));
    }

    @Test
    void aLocalEntry_liesBesideTheLock() throws IOException {
        assertThatThrownBy(() -> directory("near")).hasMessageContaining("files are missing in");
        Files.createDirectories(folder.resolve("here/near"));
        Files.writeString(folder.resolve("here/near/config.json"), "{}");
        assertThat(directory("near")).isEqualTo(folder.resolve("here/near"));
    }

    @Test
    void anUnknownName_isGuessed() {
        assertThatThrownBy(() -> directory("fart"))
                .hasMessage("model: fart is neither a directory nor a name in models.lock; did you mean far?");
        assertThatThrownBy(() -> directory("zzz")).hasMessageEndingWith("razor models list shows the names");
    }

    @Test
    void check_comparesBytes() throws Exception {
        Files.createDirectories(folder.resolve("cache/far/x"));
        Path file = folder.resolve("cache/far/x/config.json");
        LockEntry entry = lock.entry("far");
        assertThat(CacheCheck.of(entry, cache, 2, Progress.silent()).problems())
                .singleElement()
                .asString()
                .startsWith("far/x/config.json: is not in ");
        Files.writeString(file, "abc");
        assertThat(CacheCheck.of(entry, cache, 2, Progress.silent())).satisfies(check -> {
            assertThat(check.problems()).isEmpty();
            assertThat(check.found()).containsEntry("x/config.json", new CacheCheck.Found(3, ABC));
        });
        Files.writeString(file, "abd");
        assertThat(CacheCheck.of(entry, cache, 2, Progress.silent()).problems())
                .singleElement()
                .asString()
                .contains(
                        "has sha256 a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9, expected " + ABC);
    }

    @Test
    void aUserWithoutAHome_isToldToNameACache() {
        for (String home : new String[] {"?", "", " "}) {
            assertThatThrownBy(() -> ModelCache.home(home))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "cache: this user has no home folder for it; set RAZOR_CACHE to a folder that can be written");
        }
        assertThat(ModelCache.home("/home/a")).isEqualTo(Path.of("/home/a"));
    }
}
