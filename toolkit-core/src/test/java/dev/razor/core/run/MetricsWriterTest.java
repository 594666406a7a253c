package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class MetricsWriterTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private static SequencedMap<String, @Nullable Object> step(int step, double loss) {
        SequencedMap<String, @Nullable Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("loss", loss);
        return metrics;
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    @Test
    void write_putsOneObjectOnALineAtOnce() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsWriter metrics = MetricsWriter.create(file)) {
            SequencedMap<String, @Nullable Object> values = step(1, 0.1 + 0.2);
            values.put("tokens", 5_000_000_000L);
            values.put("done", true);
            values.put("phase", "a\nb");
            values.put("kl", null);
            values.put("grad_norm", Double.NaN);
            values.put("half", 0.1f);
            metrics.write(values);
            assertThat(file)
                    .hasContent("{\"step\":1,\"loss\":0.30000000000000004,\"tokens\":5000000000,\"done\":true,"
                            + "\"phase\":\"a\\nb\",\"kl\":null,\"grad_norm\":null,\"half\":0.1}\n");
            metrics.write(step(2, Double.POSITIVE_INFINITY));
            assertThat(Files.readAllLines(file).get(1)).isEqualTo("{\"step\":2,\"loss\":null}");
        }
    }

    @Test
    void write_refusesOtherValues() {
        try (MetricsWriter metrics = MetricsWriter.create(folder.resolve("m"))) {
            SequencedMap<String, Object> values = new LinkedHashMap<>();
            values.put("x", List.of(1));
            assertThatThrownBy(() -> metrics.write(values))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("metric x is a class java.util.ImmutableCollections$List12");
        }
    }

    @Test
    void create_leavesAnExistingFileAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("m"), "old");
        assertThatThrownBy(() -> MetricsWriter.create(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: cannot write %s: it exists already; choose another place", file);
        assertThat(file).hasContent("old");
    }

    @Test
    void resume_dropsWhatWillBeWrittenAgain() throws IOException {
        Path file = folder.resolve("m");
        try (MetricsWriter metrics = MetricsWriter.create(file)) {
            for (int i = 1; i <= 4; i++) {
                metrics.write(step(i, i));
            }
        }
        Files.writeString(file, Files.readString(file) + "{\"step\":5,\"lo");
        try (MetricsWriter metrics = MetricsWriter.resume(file, 2)) {
            metrics.write(step(3, 9));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly("{\"step\":1,\"loss\":1.0}", "{\"step\":2,\"loss\":2.0}", "{\"step\":3,\"loss\":9.0}");
    }

    @Test
    void resume_dropsALineThatWasCutOff() throws IOException {
        Path file = Files.writeString(folder.resolve("m"), "{\"step\":1}\n{\"step\":2");
        MetricsWriter.resume(file, 10).close();
        assertThat(Files.readString(file)).isEqualTo("{\"step\":1}\n");
    }

    @Test
    void resume_startsAFileThatIsMissing() {
        Path file = folder.resolve("m");
        try (MetricsWriter metrics = MetricsWriter.resume(file, 0)) {
            metrics.write(step(1, 1));
        }
        assertThat(file).hasContent("{\"step\":1,\"loss\":1.0}\n");
    }

    @Test
    void resume_refusesAFileThatHasNoSteps() throws IOException {
        Path file = Files.writeString(folder.resolve("m"), "garbage\n");
        assertThatThrownBy(() -> MetricsWriter.resume(file, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: cannot resume %s: got the line garbage, which has no step; start a new run", file);
        assertThat(file).hasContent("garbage\n");
    }

    @Test
    @EnabledIf("hasFullDevice")
    void write_saysThatTheDiskIsFull() throws IOException {
        Path file = Files.createSymbolicLink(folder.resolve("m"), Path.of("/dev/full"));
        try (MetricsWriter metrics = MetricsWriter.open(file, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> metrics.write(step(1, 1)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "output: cannot write %s: No space left on device; free space or choose another place",
                            file);
        }
        Files.delete(file); // JUnit warns of a link that leads out of its folder
    }
}
