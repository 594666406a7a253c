package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.nn.RandomWeights;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The planned activations against what Linux says the process holds. glibc is asked to give freed blocks back at
/// once, else what earlier tests freed would be taken again unseen.
class MeasuredActivationsTest {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int DEFAULT_THRESHOLD = 128 << 10;

    private final NDManager manager = Tensors.newManager("cpu");

    @BeforeEach
    void giveFreedMemoryBack() throws Throwable {
        assumeTrue(Files.exists(STATUS), "there is no " + STATUS);
        mallopt(64 << 10);
    }

    @AfterEach
    void restore() throws Throwable {
        manager.close();
        if (Files.exists(STATUS)) {
            mallopt(DEFAULT_THRESHOLD);
        }
    }

    private static void mallopt(int threshold) throws Throwable {
        MemorySegment symbol = Linker.nativeLinker().defaultLookup().find("mallopt").orElse(MemorySegment.NULL);
        assumeTrue(!symbol.equals(MemorySegment.NULL), "the C library has no mallopt");
        MethodHandle call = Linker.nativeLinker()
                .downcallHandle(
                        symbol,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        assertThat((int) call.invokeExact(M_MMAP_THRESHOLD, threshold)).isEqualTo(1);
    }

    @Test
    void layer_withAHeadOfItsOwnForEachQuery_keepsWhatIsPlanned() throws IOException {
        checkLayers(4, 8, 1024);
    }

    @Test
    void layer_withSharedKeyValueHeads_keepsWhatIsPlanned() throws IOException {
        checkLayers(2, 4, 512);
    }

    /// Four layers more of a forward pass hold four times a layer's activations more.
    private void checkLayers(int keyValueHeads, int batch, int length) throws IOException {
        MemorySettings settings = new MemorySettings(
                false, Dtype.FLOAT32, Dtype.FLOAT32, batch, 1, length, false, 0, 0, 0, false, 0, 0);
        LayerActivations planned = new LayerActivations(shape(1, keyValueHeads), settings);
        held(shape(1, keyValueHeads), settings); // tables and thread pools that come once
        long one = held(shape(1, keyValueHeads), settings);
        long five = held(shape(5, keyValueHeads), settings);
        assertThat((five - one) / 4).isCloseTo(planned.bytes(), withPercentage(10));
    }

    private static Qwen2Config shape(int layers, int keyValueHeads) {
        return new Qwen2Config(64, 64, 176, layers, 4, keyValueHeads, 2048, 1e-6, 10_000, true);
    }

    /// Bytes that a recorded forward pass leaves behind.
    private long held(Qwen2Config shape, MemorySettings settings) throws IOException {
        List<TokenSequence> sequences =
                Collections.nCopies(settings.batch(), TokenSequence.whole(new int[settings.length()]));
        TokenBatch batch = TokenBatch.of(sequences);
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
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
