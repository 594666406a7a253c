package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is asked to end, as by Ctrl-C; the rest is in [OutputDirectoryTest].
public final class PublicationTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void whatIsBeingWritten_isGoneWhenTheProcessIsAskedToEnd() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PublicationTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("writing");
            assertThat(names()).hasSize(3).contains("done.txt").anyMatch(name -> name.startsWith(".model.tmp-"));
            process.toHandle().destroy(); // SIGTERM, and its output stays open
            assertThat(output.readLine())
                    .as("no word of the writer's own trouble")
                    .isNull();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 15);
        assertThat(names()).containsExactly("done.txt");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    /// Writes until it is ended: a file, and a directory file after file, whose names it tries to give then.
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        OutputDirectory.publish(folder.resolve("done.txt"), path -> Files.writeString(path, "whole"));
        Publication file = Publication.of(folder.resolve("lines.jsonl"));
        Files.writeString(file.temporary(), "half");
        OutputDirectory.publish(folder.resolve("model"), directory -> {
            Files.createDirectory(directory);
            Files.writeString(directory.resolve("0"), "some");
            System.out.println("writing");
            while (true) {
                Files.writeString(directory.resolve("0"), "more");
            }
        });
    }
}
