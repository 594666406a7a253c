package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The planned activations against the resident size of a process: tiny layers, long sequences. It is a process
/// of its own, in which glibc gives every block of 64 KiB back as soon as it is freed: else freed blocks would be
/// taken again unseen.
class MeasuredActivationsTest {

    private static final List<Integer> KEY_VALUE_HEADS = List.of(4, 2); // of 4 query heads
    private static final int BATCH = 4;
    private static final int LENGTH = 1024;
    private static final int FEW = 1;
    private static final int MANY = 4;

    @Test
    @EnabledOnOs(OS.LINUX)
    void layer_keepsWhatIsPlanned() throws IOException, InterruptedException {
        List<Long> measured = measure();
        assertThat(measured).hasSize(KEY_VALUE_HEADS.size());
        for (int i = 0; i < measured.size(); i++) {
            long planned = new LayerActivations(shape(1, KEY_VALUE_HEADS.get(i)), settings()).bytes();
            assertThat(measured.get(i))
                    .as("%d key/value heads", KEY_VALUE_HEADS.get(i))
                    .isCloseTo(planned, withPercentage(10));
        }
    }

    private static MemorySettings settings() {
        return MemorySettings.of(false, Dtype.FLOAT32, new MemorySettings.Pass(BATCH, 1, LENGTH, 1, false));
    }

    private static Qwen2Config shape(int layers, int keyValueHeads) {
        return new Qwen2Config(64, 64, 176, layers, 4, keyValueHeads, 2048, 1e-6, 10_000, true);
    }

    /// Runs [#main] and reads what it prints.
    private static List<Long> measure() throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MeasuredActivationsTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        java.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.startsWith("bytes "))
                .map(line -> Long.parseLong(line.substring("bytes ".length())))
                .toList();
    }

    /// Prints the bytes that a layer adds to what a recorded forward pass holds.
    public static void main(String[] arguments) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (NDManager manager = Tensors.newManager("cpu")) {
            for (int heads : KEY_VALUE_HEADS) {
                held(manager, shape(FEW, heads)); // tables and buffers that come once
                long few = held(manager, shape(FEW, heads));
                long many = held(manager, shape(MANY, heads));
                lines.append("bytes ").append((many - few) / (MANY - FEW)).append('\n');
            }
        }
        System.out.print(lines);
    }

    private static long held(NDManager manager, Qwen2Config shape) throws IOException {
        TokenBatch batch = TokenBatch.of(Collections.nCopies(BATCH, TokenSequence.whole(new int[LENGTH])));
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            Qwen2Decoder model = Qwen2Decoder.load(manager, shape, new RandomWeights(manager, 0.02, 1));
            long before = resident();
            NDArray hidden = batch.hidden(model, manager);
            long after = resident();
            hidden.close();
            return after - before;
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
