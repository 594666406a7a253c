package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

public final class LineFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static ObjectNode line(String text) {
        return JsonMapper.shared().createObjectNode().put("text", text);
    }

    @Test
    void open_afterAKill_dropsTheTornLineAndGoesOn() throws IOException {
        Path path = folder.resolve("work");
        Files.writeString(path, "{\"text\": \"\u00e9\"}\n{\"text\": \"b\"}\n{\"te");
        try (LineFile file = LineFile.open(path)) {
            assertThat(file.size()).isEqualTo(2);
            file.append(line("c"));
            assertThat(file.size()).isEqualTo(3);
            assertThat(file.read(2)).isEqualTo(line("c"));
            assertThat(file.read(0)).isEqualTo(line("\u00e9"));
            assertThat(file.read(1)).isEqualTo(line("b"));
        }
        assertThat(Files.readString(path)).isEqualTo("{\"text\": \"\u00e9\"}\n{\"text\": \"b\"}\n{\"text\":\"c\"}\n");
    }

    @Test
    void open_ofAFileInUse_isRefused() {
        Path path = folder.resolve("work");
        try (LineFile _ = LineFile.open(path)) {
            assertThatThrownBy(() -> LineFile.open(path))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("output: another process is writing to %s; wait for it, or stop it".formatted(path));
        }
        LineFile.open(path).close();
    }

    /// A lock of the operating system belongs to the process, and another process must see it.
    @Test
    void open_ofAFileThatAnotherProcessHolds_isRefused() throws Exception {
        Path path = folder.resolve("work");
        Files.writeString(path, "{}\n");
        try (LineFile file = LineFile.open(path)) {
            assertThat(file.size()).isEqualTo(1);
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LineFileTest.class.getName(),
                            path.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            assertThat(other.waitFor()).isEqualTo(3);
            assertThat(folder.resolve("log")).content().contains("another process is writing to " + path);
        }
    }

    /// The other process: 3 where the file is held.
    public static void main(String[] arguments) {
        try (LineFile _ = LineFile.open(Path.of(arguments[0]))) {
            System.exit(0);
        } catch (ConfigException e) {
            System.out.println(e.getMessage());
            System.exit(3);
        }
    }

    @Test
    void read_ofADamagedLine_namesIt() throws IOException {
        Path path = folder.resolve("work");
        Files.writeString(path, "{}\n[1]\n{]\n");
        try (LineFile file = LineFile.open(path)) {
            for (int i = 1; i < 3; i++) {
                int index = i;
                assertThatThrownBy(() -> file.read(index))
                        .isInstanceOf(DataException.class)
                        .hasMessage("%s:%d: is damaged; delete the file to begin again".formatted(path, i + 1));
            }
        }
    }

    /// Directories that were made for it go with it, those that were there or hold something else stay.
    @Test
    void delete_leavesWhatWasThere() throws IOException {
        Path made = folder.resolve("new/deeper");
        LineFile.open(made.resolve("work")).delete();
        assertThat(folder).isEmptyDirectory();
        LineFile file = LineFile.open(made.resolve("work"));
        Files.writeString(folder.resolve("new/other"), "");
        file.delete();
        assertThat(folder.resolve("new")).isDirectoryContaining("glob:**/other");
        assertThat(made).doesNotExist();
        LineFile.open(folder.resolve("new/work")).delete();
        assertThat(folder.resolve("new")).exists();
    }
}
