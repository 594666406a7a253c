package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Two checkpoints of 6 GB in bfloat16, as those of 3B models are, sparse files of zeros but for three entries,
/// in a process whose Java heap is bounded by 256 MB. It reads 12 GB.
final class HugeWeightsTest {

    private static final Qwen2Config HUGE = new Qwen2Config(151_936, 2048, 11_008, 1, 16, 2, 4096, 1e-6, 1e6, true);

    /// Feed-forward matrices of the shape that Qwen2.5-3B's have, until the file has 6 GB.
    private static final int MATRICES = 120;

    /// bfloat16 of 1.0.
    private static final short ONE = 0x3F80;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// By hand: 1 in each of three rows and columns of one matrix: l1 3, l2 sqrt(3), spectral 1.
    @Test
    @Tag("slow")
    void measure_ofTwo3BModels_staysSmall() throws Exception {
        Path base = write("base", List.of());
        Path model = write("model", List.of(0L, 3L * 2048 + 5, 1_000L * 2048 + 2047));
        assertThat(Files.size(model.resolve("model.safetensors"))).isGreaterThan(6_000_000_000L);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                HugeWeights.class.getName(),
                base.toString(),
                model.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Matcher found = Pattern.compile("l1 3.000000 l2 1.732051 spectral 1.000000 of \\d+, peak (\\d+)")
                .matcher(output);
        assertThat(found.find()).as(output).isTrue();
        assertThat(Long.parseLong(found.group(1))).as("MiB resident").isLessThan(4096);
    }

    /// Writes config.json and a sparse model.safetensors whose last matrix holds 1 at `ones`.
    private Path write(String name, List<Long> ones) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        Files.writeString(directory.resolve("config.json"), TinyModel.json(HUGE));
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {HUGE.vocabSize(), HUGE.hiddenSize()});
        for (int i = 0; i < MATRICES; i++) {
            boolean down = i % 3 == 0;
            long inner = HUGE.intermediateSize();
            long dim = HUGE.hiddenSize();
            shapes.put("matrix." + i + ".weight", down ? new long[] {dim, inner} : new long[] {inner, dim});
        }
        ObjectNode header = JsonMapper.shared().createObjectNode();
        long offset = 0;
        long last = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "BF16");
            entry.putArray("shape").add(tensor.getValue()[0]).add(tensor.getValue()[1]);
            last = offset;
            offset += 2 * tensor.getValue()[0] * tensor.getValue()[1];
            entry.putArray("data_offsets").add(last).add(offset);
        }
        String text = JsonMapper.shared().writeValueAsString(header);
        byte[] json = (text + " ".repeat((8 - text.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            file.write(length.putLong(json.length).array());
            file.write(json);
            try {
                file.setLength(8 + json.length + offset);
            } catch (IOException e) {
                assumeThat(e).as("room for a sparse file of %d bytes", offset).isNull();
            }
            for (long one : ones) {
                file.seek(8 + json.length + last + 2 * one);
                file.writeShort(Short.reverseBytes(ONE));
            }
        }
        return directory;
    }
}
