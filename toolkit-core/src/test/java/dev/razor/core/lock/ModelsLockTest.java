package dev.razor.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelsLockTest {

    private static final Path SHIPPED = Path.of(System.getProperty("razor.home"), "models.lock");
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    private ModelsLock read(String text) throws IOException {
        Path file = folder.resolve("models.lock");
        Files.writeString(file, text);
        return ModelsLock.read(file);
    }

    private ModelsLock withFile(String path) throws IOException {
        return read("""
                models:
                  m:
                    repository: a/b
                    revision: c
                    licence: MIT
                    files: [{path: '%s', bytes: 1, sha256: %s}]
                """.formatted(path, DIGEST));
    }

    @Test
    void shippedLock_isSortedAndPinnedToCommits() throws IOException {
        ModelsLock lock = ModelsLock.read(SHIPPED);
        for (LockEntry.Kind kind : LockEntry.Kind.values()) {
            assertThat(lock.entries().stream()
                            .filter(entry -> entry.kind() == kind)
                            .map(LockEntry::name))
                    .isSorted()
                    .isNotEmpty();
        }
        assertThat(Files.readAllLines(SHIPPED).stream().filter(line -> line.contains("revision:")))
                .allMatch(line -> Pattern.matches(" +revision: [0-9a-f]{40}", line));
        for (LockEntry entry : lock.entries()) {
            assertThat(entry.files().stream().map(LockedFile::path))
                    .as(entry.name())
                    .isSorted();
        }
        assertThat(lock.entry("qwen2.5-3b-instruct").bytes()).isEqualTo(OptionalLong.of(6_179_002_426L));
    }

    @Test
    void addresses_areTheHubsOrTheEntrysOwn() throws IOException {
        ModelsLock lock = read("""
                models:
                  m: {repository: Own/Er, revision: abc, licence: MIT, files: [{path: f/g.json}]}
                datasets:
                  d: {repository: Own/Er, revision: abc, licence: MIT, files: [{path: f/g.json}]}
                  e:
                    revision: abc
                    addresses: ["https://one.example/{revision}/{path}", "http://two.example/{path}"]
                    licence: MIT
                    files: [{path: f/g.json}]
                """);
        URI hub = URI.create("http://mirror:8080/hub");
        assertThat(lock.entries())
                .extracting(
                        entry -> entry.addresses(entry.files().getFirst(), hub).toString())
                .containsExactly(
                        "[http://mirror:8080/hub/Own/Er/resolve/abc/f/g.json]",
                        "[http://mirror:8080/hub/datasets/Own/Er/resolve/abc/f/g.json]",
                        "[https://one.example/abc/f/g.json, http://two.example/f/g.json]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../x",
                "a/..",
                "/etc/x",
                "a//b",
                "a/",
                "",
                ".",
                "C:x",
                "a\\b",
                "nul",
                "a/COM1.json",
                "x.",
                "x y",
                "ä.json",
                "a:b",
                "~",
                "a\u0000b"
            })
    void pathsOutOfTheDirectory_areRefused(String path) {
        assertThatThrownBy(() -> withFile(path.replace("\u0000", "%00")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is no plain name below the entry's directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "x.PT", "a/b.pth", "m.ckpt", "m.pkl", "tf_model.h5", "modeling.py"})
    void filesThatCanRunCode_areRefused(String path) {
        assertThatThrownBy(() -> withFile(path)).hasMessageContaining("can run code when it is loaded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h/%zz/{path}",
                "http://h/%2{path}",
                "http://a:b/{path}",
                "http://localhost:99999/{path}",
                "http://localhost:0/{path}",
                "http://localhost:99999999999/{path}",
                "http://:80/{path}",
                "http://-/{path}"
            })
    void addressesThatAreNone_areRefused(String address) {
        assertThatThrownBy(() -> read("""
                        datasets:
                          d: {addresses: ["%s"], licence: MIT, files: [{path: f}]}
                        """.formatted(address)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "d: addresses must be http or https addresses with {path}, {repository}, {revision} alone as places, got "
                                + address);
    }

    @Test
    void aNameThatFetchingNeeds_isRefused() {
        assertThatThrownBy(() -> read("""
                        datasets:
                          d.lock: {addresses: ["http://h/{path}"], licence: MIT, files: [{path: f}]}
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the name d.lock is that of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weights.dat",
                "model",
                "model.gguf",
                "a/x.gz",
                "x.zip",
                "license.dat",
                "a.json/x",
                "modelx.safetensors.0"
            })
    void filesThatAreNoneOfAModels_areRefused(String path) {
        assertThatThrownBy(() -> withFile(path))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("m: files[0]: path %s is none of a model's files; they are ".formatted(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-00001-of-00002.safetensors",
                "tokenizer.model",
                "merges.txt",
                "README.md",
                "chat_template.jinja",
                "qwen.tiktoken",
                "LICENSE",
                "LICENSE-MIT",
                "a/NOTICE",
                ".gitattributes"
            })
    void aModelsFiles_areRead(String path) throws IOException {
        assertThat(withFile(path).entry("m").files().getFirst().path()).isEqualTo(path);
    }

    @Test
    void everyProblem_isToldInALine() {
        assertThatThrownBy(() -> read("""
                        models:
                          Big: {repository: a/b, revision: c, licence: MIT, files: [{path: f.json}]}
                          both: {repository: a/b, revision: c, path: d, licence: MIT, files: [{path: f.json}]}
                          twice: {repository: a/b, revision: c, licence: MIT, files: [{path: a/F.md}, {path: A/f.md}]}
                          folder: {repository: a/b, revision: c, licence: MIT, files: [{path: license/f.md}, {path: LICENSE}]}
                          word: {repository: a/b, revision: c, license: MIT, files: [{path: f.json}]}
                          digest: {repository: a/b, revision: c, licence: MIT, files: [{path: f.json, sha256: abc}]}
                          nowhere: {licence: MIT, files: [{path: f.json}]}
                          escape: {repository: a/.., revision: c, licence: MIT, files: [{path: f.json}]}
                        datasets:
                          word: {addresses: ["ftp://x/{path}"], licence: MIT, files: [{path: f}]}
                        """)).isInstanceOfSatisfying(ConfigException.class, e -> {
            List<String> lines = e.problems().stream()
                    .map(line -> line.replace(folder + "/models.lock: ", ""))
                    .toList();
            assertThat(lines).hasSize(10);
            assertThat(lines).anyMatch(line -> line.startsWith("the name Big cannot be a directory's"));
            assertThat(lines).anyMatch(line -> line.startsWith("both: path, and repository"));
            assertThat(lines).anyMatch(line -> line.startsWith("twice: files hold A/f.md twice"));
            assertThat(lines).anyMatch(line -> line.startsWith("folder: files hold LICENSE twice"));
            assertThat(lines).anyMatch(line -> line.startsWith("word: license: unknown key; did you mean licence?"));
            assertThat(lines).anyMatch(line -> line.startsWith("digest: files[0]: sha256 must be 64"));
            assertThat(lines).anyMatch(line -> line.startsWith("nowhere: needs a path"));
            assertThat(lines).anyMatch(line -> line.startsWith("escape: repository must be"));
            assertThat(lines).anyMatch(line -> line.startsWith("the name word is a model's and a data set's"));
        });
    }

    @Test
    void unknownName_isGuessed() {
        assertThatThrownBy(() -> ModelsLock.read(SHIPPED).entry("qwen2.5-3b-instrukt"))
                .hasMessage("qwen2.5-3b-instrukt: models.lock has no such name; did you mean qwen2.5-3b-instruct?");
    }
}
