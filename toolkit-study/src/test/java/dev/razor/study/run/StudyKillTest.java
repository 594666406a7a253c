package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random instants of a process that runs a study. Started again as often as it takes, the study
/// ends in the points of one that was left alone.
final class StudyKillTest {

    @TempDir
    private Path directory;

    @Test
    void killedThreeTimes_andStartedAgain_endsInTheSamePoints() throws Exception {
        kills(3, 6, 2);
    }

    /// The study of the issue: 40 runs, ten kills.
    @Test
    @Tag("slow")
    void killedTenTimes_andStartedAgain_endsInTheSamePoints() throws Exception {
        kills(10, 30, 10);
    }

    /// @param sft runs of SFT, with two checkpoints each
    /// @param grpo runs of GRPO
    private void kills(int kills, int sft, int grpo) throws Exception {
        SmallStudy small = SmallStudy.write(directory.resolve("study"), """
                  - {name: sft, trainer: sft, data: labels.jsonl, learning_rate: %s, max_steps: [2, 3], save_steps: 1,
                     max_length: 99}
                  - {name: grpo, trainer: grpo, data: train.jsonl, learning_rate: %s, max_steps: [1, 2],
                     num_generations: 4}
                """.formatted(rates(sft / 2), rates(grpo / 2)));
        Path whole = directory.resolve("whole");
        assertThat(start(small, whole).waitFor())
                .as(() -> read(directory.resolve("log")))
                .isZero();
        Path killed = directory.resolve("killed");
        Random random = new Random(kills);
        int units = 1 + sft + grpo;
        for (int i = 0; i < kills; i++) {
            // Each process gets on by a unit or more and dies somewhere in the next: in training, measuring, writing.
            int enough = done(killed) + 1 + random.nextInt(Math.max(1, units / kills - 1));
            Process process = start(small, killed);
            while (process.isAlive() && done(killed) < enough) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(400));
            assertThat(process.isAlive()).as("kill %d comes before the end", i).isTrue();
            process.destroyForcibly().waitFor();
        }
        assertThat(start(small, killed).waitFor()).isZero();
        assertThat(killed.resolve("points.csv")).hasSameBinaryContentAs(whole.resolve("points.csv"));
        assertThat(Files.readAllLines(whole.resolve("points.csv"))).hasSize(1 + 1 + sft / 2 * (2 + 3) + grpo);
    }

    /// Units that are done by their states.
    private static int done(Path output) throws IOException {
        Path states = output.resolve("state");
        if (!Files.isDirectory(states)) {
            return 0;
        }
        int done = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(states, "*.json")) {
            for (Path file : files) {
                done += Files.readString(file).contains("\"done\"") ? 1 : 0;
            }
        }
        return done;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rates(int count) {
        StringBuilder list = new StringBuilder("[");
        for (int i = 1; i <= count; i++) {
            list.append(i == 1 ? "" : ", ").append(i).append("e-4");
        }
        return list.append(']').toString();
    }

    private Process start(SmallStudy small, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-Djava.awt.headless=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StudyKillTest.class.getName(),
                        small.folder().toString(),
                        output.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /// What the process runs: the study's folder, its output.
    public static void main(String[] arguments) {
        var result = new SmallStudy(Path.of(arguments[0])).run(Path.of(arguments[1]));
        result.outcome().failures().forEach(System.out::println);
        System.exit(result.outcome().failures().isEmpty() ? 0 : 1);
    }
}
