package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random instants of a process that trains and writes checkpoints all the time. Each killed run is
/// resumed and must end in the bytes of a run that was left alone. `-Drazor.kills=200` says how many.
final class KillTest {

    private static final List<String> SETTINGS = List.of(
            "learning_rate: 1e-2",
            "max_steps: 40",
            "save_steps: 1",
            "save_total_limit: 3",
            "per_device_train_batch_size: 2",
            "gradient_accumulation_steps: 2",
            "lr_scheduler_type: cosine");

    @TempDir
    private Path directory;

    @Test
    void killedOnce_andResumed_endsInTheSameBytes() throws Exception {
        kills(1);
    }

    @Test
    @Tag("slow")
    void killedManyTimes_andResumed_endsInTheSameBytes() throws Exception {
        kills(Integer.getInteger("razor.kills", 200));
    }

    private void kills(int count) throws Exception {
        Path model =
                TinyModel.write(directory.resolve("model"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1L << 30);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            lines.append("{\"prompt\": \"%d + 2 =\", \"completion\": \" %d\"}\n".formatted(i, i + 2));
        }
        Path data = Files.writeString(directory.resolve("data.jsonl"), lines);
        Path whole = directory.resolve("whole");
        long started = System.nanoTime();
        assertThat(train(model, data, whole).waitFor()).isZero();
        long length = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        Random random = new Random(count);
        int hit = 0;
        for (int i = 0; i < count; i++) {
            Path output = directory.resolve("run-" + i);
            Process process = train(model, data, output);
            // Half of the kills fall anywhere, half of them after the first checkpoint has appeared.
            if (i % 2 == 1) {
                while (process.isAlive() && !Files.exists(output.resolve("checkpoints/step-1"))) {
                    Thread.sleep(1);
                }
                Thread.sleep(0, random.nextInt(1_000_000));
                Thread.sleep(random.nextInt(1 + (int) (length / 3)));
            } else {
                Thread.sleep(random.nextInt((int) length));
            }
            process.destroyForcibly().waitFor();
            hit += Files.exists(TrainingOutput.finalModel(output)) ? 0 : 1;
            SftRun.start(
                    SftTesting.config(model, data, output, SETTINGS.toArray(String[]::new)), true, Progress.silent());
            assertThat(SftTesting.metrics(output)).as("metrics of run %d", i).isEqualTo(SftTesting.metrics(whole));
            assertSameFiles(TrainingOutput.finalModel(output), TrainingOutput.finalModel(whole));
            assertSameFiles(TrainingOutput.checkpoint(output, 40), TrainingOutput.checkpoint(whole, 40));
        }
        System.out.printf("%d kills, %d of them before the end of the run%n", count, hit);
    }

    private static void assertSameFiles(Path found, Path expected) throws IOException {
        try (Stream<Path> files = Files.walk(expected)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // The seal holds the run's own settings, its output directory among them.
                if (!file.endsWith("state.json")) {
                    assertThat(found.resolve(expected.relativize(file))).hasSameBinaryContentAs(file);
                }
            }
        }
    }

    /// A process of its own that trains and resumes.
    private static Process train(Path model, Path data, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-XX:TieredStopAtLevel=1",
                        "-Drazor.home=" + System.getProperty("razor.home", ""), // the model card names its commit
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillTest.class.getName(),
                        model.toString(),
                        data.toString(),
                        output.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// What the process runs: model, data, output.
    public static void main(String[] arguments) {
        SftRun.start(
                SftTesting.config(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        Path.of(arguments[2]),
                        SETTINGS.toArray(String[]::new)),
                true,
                Progress.silent());
    }
}
