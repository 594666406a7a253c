package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class OutputDirectoryTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void create_makesParentsAndTakesAnEmptyDirectory() {
        Path directory = folder.resolve("a/b/c");
        OutputDirectory.create(directory);
        OutputDirectory.create(directory);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void create_refusesADirectoryThatHoldsSomething() throws IOException {
        Files.createFile(folder.resolve(".hidden"));
        assertThatThrownBy(() -> OutputDirectory.create(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s exists and is not empty; choose another, or delete it", folder);
    }

    @Test
    void create_refusesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");
        assertThatThrownBy(() -> OutputDirectory.create(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s is a file, not a directory; choose another", file);
        assertThatThrownBy(() -> OutputDirectory.create(file.resolve("x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: cannot write %s: Not a directory; choose another place", file.resolve("x"));
        assertThat(file).hasContent("old");
    }

    @Test
    void publish_renamesAFileWhenItIsWhole() throws IOException {
        Path target = folder.resolve("new/out.json");
        OutputDirectory.publish(target, path -> {
            assertThat(path.getParent()).isEqualTo(target.getParent());
            assertThat(path.getFileName().toString()).matches("\\.out\\.json\\.tmp-[0-9a-f]{8}");
            Files.writeString(path, "text");
            assertThat(target).doesNotExist();
        });
        assertThat(target).hasContent("text");
        assertThat(target.getParent()).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void publish_renamesADirectoryWhenItIsWhole() throws IOException {
        Path target = folder.resolve("final");
        OutputDirectory.publish(target, path -> {
            Files.createDirectories(path.resolve("sub"));
            Files.writeString(path.resolve("sub/a"), "a");
        });
        assertThat(target.resolve("sub/a")).hasContent("a");
        assertThat(names()).containsExactly("final");
    }

    @Test
    void publish_leavesNothingWhenTheWriterFails() throws IOException {
        IllegalStateException bug = new IllegalStateException("a bug");
        assertThatThrownBy(() -> OutputDirectory.publish(folder.resolve("final"), path -> {
                    Files.createDirectories(path.resolve("sub"));
                    Files.writeString(path.resolve("sub/a"), "a");
                    throw bug;
                }))
                .isSameAs(bug);
        assertThatThrownBy(() -> OutputDirectory.publish(folder.resolve("final"), path -> {
                    Files.writeString(path, "a");
                    throw new UncheckedIOException(new IOException("the cable broke"));
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: cannot write %s: the cable broke; choose another place", folder.resolve("final"));
        assertThat(names()).isEmpty();
    }

    @Test
    void publish_namesTheFileAsItWouldHaveBeenCalled() throws IOException {
        assertThatThrownBy(() -> OutputDirectory.publish(
                        folder.resolve("final"), path -> Files.writeString(path.resolve("no/config.json"), "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "output: cannot write %s: there is no such file; choose another place",
                        folder.resolve("final/no/config.json"));
        assertThat(names()).isEmpty();
    }

    @Test
    void publish_refusesAnExistingTarget() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");
        Path directory = Files.createDirectory(folder.resolve("d"));
        for (Path target : List.of(file, directory)) {
            assertThatThrownBy(() -> OutputDirectory.publish(target, path -> Files.writeString(path, "new")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("output: %s exists; choose another name, or move it away", target);
        }
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("d", "f");
    }

    @Test
    void publish_refusesATargetThatAppearsMeanwhile() throws IOException {
        Path target = folder.resolve("f");
        assertThatThrownBy(() -> OutputDirectory.publish(target, path -> {
                    Files.writeString(path, "new");
                    Files.writeString(target, "other");
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s exists; choose another name, or move it away", target);
        assertThat(target).hasContent("other");
        assertThat(names()).containsExactly("f");
    }

    @Test
    void publish_refusesATargetWithoutAName() {
        for (String target : List.of("", "/", "a/..", ".")) {
            assertThatThrownBy(() -> OutputDirectory.publish(Path.of(target), path -> {}))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("output: %s names no file; give a name to write", target);
        }
    }

    @Test
    void publish_wantsSomethingWritten() {
        assertThatThrownBy(() -> OutputDirectory.publish(folder.resolve("f"), path -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing was written for %s", folder.resolve("f"));
    }

    @Test
    void publish_saysThatADirectoryCannotBeMade() throws IOException {
        Path file = Files.createFile(folder.resolve("f"));
        assertThatThrownBy(() -> OutputDirectory.publish(file.resolve("x"), path -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s is a file, not a directory; choose another", file);
    }

    @Test
    @EnabledIf("hasFullDevice")
    void publish_saysThatTheDiskIsFull() throws IOException {
        Path target = folder.resolve("out");
        String message = "output: cannot write %s: No space left on device; free space or choose another place"
                .formatted(target);
        assertThatThrownBy(() -> OutputDirectory.publish(target, path -> {
                    Files.createSymbolicLink(path, Path.of("/dev/full"));
                    try (OutputStream out = Files.newOutputStream(path)) {
                        out.write(1);
                    }
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> OutputDirectory.publish(target, path -> {
                    Files.createSymbolicLink(path, Path.of("/dev/full"));
                    JsonMapper.builder().build().writeValue(path.toFile(), "text");
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
        assertThat(names()).isEmpty();
        assertThat(Path.of("/dev/full")).exists();
    }

    @Test
    @EnabledIf("hasFullDevice")
    void publish_saysThatAFileSystemTakesNoFiles() {
        // /proc refuses new entries even to root
        assertThatThrownBy(() -> OutputDirectory.publish(Path.of("/proc/razor"), path -> Files.writeString(path, "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: cannot write /proc/razor: there is no such file; choose another place");
    }
}
