package dev.razor.core.pretrained;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A checkpoint of 6 GB with tensors of more than 2 GB each, all zeros in a sparse file, in a process whose
/// Java heap is bounded by 256 MB.
final class HugeCheckpointTest {

    /// Two tables of 740,000 x 2048 in bfloat16 are 3.03 GB each.
    private static final Qwen2Config HUGE = new Qwen2Config(740_000, 2048, 1024, 1, 16, 2, 4096, 1e-6, 1e6, false);

    @TempDir
    private Path directory;

    @Test
    void load_doesNotGrowTheJavaHeap() throws Exception {
        long bytes = write();
        assertThat(bytes).isGreaterThan(6_000_000_000L);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                HugeCheckpoint.class.getName(),
                directory.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("%d weights, BFLOAT16, sum 0.0".formatted(HUGE.parameterCount()));
    }

    /// Writes config.json and a sparse model.safetensors; returns the latter's size.
    private long write() throws IOException {
        Files.writeString(directory.resolve("config.json"), TinyModel.json(HUGE));
        ObjectNode header = JsonMapper.shared().createObjectNode();
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : shapes().entrySet()) {

            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "BF16");
            var shape = entry.putArray("shape");
            long size = 1;
            for (long length : tensor.getValue()) {
                shape.add(length);
                size *= length;
            }
            long end = offset + 2 * size;
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = JsonMapper.shared().writeValueAsString(header);
        // As every usual writer does; elements at odd addresses could not be mapped.
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
            return file.length();
        }
    }

    private static Map<String, long[]> shapes() {
        long dim = HUGE.hiddenSize();
        long keyDim = (long) HUGE.numKeyValueHeads() * HUGE.headDim();
        long inner = HUGE.intermediateSize();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {HUGE.vocabSize(), dim});
        String layer = "model.layers.0.";
        shapes.put(layer + "input_layernorm.weight", new long[] {dim});
        shapes.put(layer + "post_attention_layernorm.weight", new long[] {dim});
        for (String name : List.of("q", "k", "v")) {
            long out = name.equals("q") ? dim : keyDim;
            shapes.put(layer + "self_attn." + name + "_proj.weight", new long[] {out, dim});
            shapes.put(layer + "self_attn." + name + "_proj.bias", new long[] {out});
        }
        shapes.put(layer + "self_attn.o_proj.weight", new long[] {dim, dim});
        shapes.put(layer + "mlp.gate_proj.weight", new long[] {inner, dim});
        shapes.put(layer + "mlp.up_proj.weight", new long[] {inner, dim});
        shapes.put(layer + "mlp.down_proj.weight", new long[] {dim, inner});
        shapes.put("model.norm.weight", new long[] {dim});
        shapes.put("lm_head.weight", new long[] {HUGE.vocabSize(), dim});
        return shapes;
    }
}
