package dev.razor.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.optim.AdamW;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.optim.Updater;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The largest resident size of a process that makes one training step: tiny layers, long sequences.
final class RecomputationMemoryTest {

    private static final int LENGTH = 6144;
    private static final int FEW = 2;
    private static final int MANY = 10;

    /// With recomputation a layer adds to the peak less than a tenth of what it adds without.
    @Test
    @EnabledOnOs(OS.LINUX)
    void aLayerCostsATenth_withRecomputation() throws Exception {
        long kept = peak(MANY, false) - peak(FEW, false);
        long recomputed = peak(MANY, true) - peak(FEW, true);
        assertThat(kept).isGreaterThan(100L << 10); // KiB: else nothing would be measured
        assertThat(recomputed).isLessThan(kept / 10);
    }

    /// KiB.
    private static long peak(int layers, boolean recompute) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecomputationMemoryTest.class.getName(),
                        Integer.toString(layers),
                        Boolean.toString(recompute))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // glibc gives large blocks back at once: the peak is of what is in use, not of holes between blocks
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return Long.parseLong(output.lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", ""));
    }

    /// One step in a process of its own: layers, whether to recompute.
    public static void main(String[] arguments) throws IOException {
        var shape = new Qwen2Config(64, 64, 160, Integer.parseInt(arguments[0]), 4, 2, LENGTH, 1e-6, 1e4, true);
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            RandomWeights initial = new RandomWeights(manager, 0.02, 1);
            Qwen2Decoder model = Qwen2Decoder.load(manager, shape, initial);
            var constant = new LearningRateSchedule(SchedulerType.CONSTANT, 1e-3, 0, 1, 0);
            try (Updater updater =
                    new Updater(initial.created(), new AdamW.Settings(0.9, 0.999, 1e-8, 0), constant, 1)) {
                updater.update(1, backward(model, manager, Boolean.parseBoolean(arguments[1])));
            }
        }
        System.out.print(Files.readString(Path.of("/proc/self/status")));
    }

    /// Gathers the gradients of one long sequence's loss.
    private static double backward(Qwen2Decoder model, NDManager manager, boolean recompute) {
        int[] ids = new Random(1).ints(LENGTH, 0, 64).toArray();
        TokenBatch batch = TokenBatch.of(List.of(TokenSequence.whole(ids)));
        float[] weights = new float[batch.predictions()];
        Arrays.fill(weights, -1f / weights.length);
        try (NDScope _ = new NDScope()) {
            ForwardPass pass = batch.forward(model, manager, recompute);
            double loss = 0;
            for (float logProb : TokenLogProbs.of(model.head()).backward(pass, batch.targets(), weights)) {
                loss -= logProb / weights.length;
            }
            return loss;
        }
    }
}
