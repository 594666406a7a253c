package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SafetensorsWriterTest {

    @TempDir
    private Path directory;

    /// The header is 63 + 50 + ... = 117 bytes of JSON, filled up with blanks to 120; 1.5 is 3FC00000 and -2
    /// C0000000.
    @Test
    void write_givesTheBytesMadeByHand() throws IOException {
        Path file = directory.resolve("x.safetensors");
        try (NDManager manager = Tensors.newManager("cpu")) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("b", manager.create(new float[] {1.5f, -2}, new Shape(1, 2)));
            tensors.put("a", manager.create(new long[] {-2}));
            SafetensorsWriter.write(file, tensors, name -> name.equals("b") ? Dtype.FLOAT32 : Dtype.INT64);
        }
        String json = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}";
        String padded = json + " ".repeat((8 - json.length() % 8) % 8);
        byte[] data = {
            0,
            0,
            (byte) 0xC0,
            0x3F,
            0,
            0,
            0,
            (byte) 0xC0, //
            (byte) 0xFE,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF,
            (byte) 0xFF
        };
        assertThat(Files.readAllBytes(file)).isEqualTo(SafetensorsBytes.of(padded, data));
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"FLOAT32", "BFLOAT16", "FLOAT16", "FLOAT64", "INT64", "INT32", "BOOL"})
    void write_thenRead_givesTheSameValuesInEveryType(Dtype dtype) throws IOException {
        Path file = directory.resolve("x.safetensors");
        float[] values = dtype == Dtype.BOOL ? new float[] {1, 0, 1} : new float[] {1, -2, 96};
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            NDArray whole = Aten.to(manager.create(values, new Shape(1, 3)), dtype);
            NDArray scalar = Aten.to(manager.create(1f), dtype);
            NDArray empty = Tensors.zeros(manager, dtype, 0, 4);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("empty", empty);
            tensors.put("whole", whole);
            tensors.put("scalar", scalar);
            SafetensorsWriter.write(file, tensors, _ -> dtype);
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                assertThat(read.names()).containsExactly("empty", "whole", "scalar");
                assertThat(read.dtype("whole")).isEqualTo(dtype);
                assertThat(read.shape("empty")).containsExactly(0, 4);
                assertThat(read.shape("scalar")).isEmpty();
                assertThat(Aten.to(read.view(manager, "whole"), Dtype.FLOAT32).toFloatArray())
                        .containsExactly(values);
                assertThat(Aten.to(read.view(manager, "scalar"), Dtype.FLOAT32).toFloatArray())
                        .containsExactly(1);
            }
        }
    }

    /// Entries of a transposed view lie in another order in memory than in the tensor.
    @Test
    void write_ofAView_writesItsEntriesInOrder() throws IOException {
        Path file = directory.resolve("x.safetensors");
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            NDArray view = Aten.transpose(manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)), 0, 1);
            SafetensorsWriter.write(file, Map.of("x", view), _ -> Dtype.FLOAT32);
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                assertThat(read.shape("x")).containsExactly(3, 2);
                assertThat(read.view(manager, "x").toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
            }
        }
    }

    @Test
    void write_overwritesNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("x.safetensors"), "mine");
        try (NDManager manager = Tensors.newManager("cpu")) {
            Map<String, NDArray> tensors = Map.of("x", manager.create(1f));
            assertThatThrownBy(() -> SafetensorsWriter.write(file, tensors, _ -> Dtype.FLOAT32))
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(file).hasContent("mine");
    }

    /// 8, 8, 40 and 4 bytes with room for 16 a shard: the first two share one, the third exceeds a shard and
    /// has one to itself, the fourth begins another.
    @Test
    void writeModel_cutsIntoShards_withAnIndex() throws IOException {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("a", manager.create(new float[] {1, 2}));
            tensors.put("b", manager.create(new float[] {3, 4}));
            tensors.put("large", manager.create(new float[10]));
            tensors.put("d", manager.create(new float[] {5}));
            SafetensorsWriter.writeModel(directory, tensors, _ -> Dtype.FLOAT32, 16);
            assertThat(files())
                    .containsExactly(
                            "model-00001-of-00003.safetensors",
                            "model-00002-of-00003.safetensors",
                            "model-00003-of-00003.safetensors",
                            "model.safetensors.index.json");
            JsonNode index = JsonMapper.shared()
                    .readTree(directory.resolve(Checkpoint.INDEX).toFile());
            assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(60);
            assertThat(index.path("weight_map").path("b").asString()).isEqualTo("model-00001-of-00003.safetensors");
            assertThat(index.path("weight_map").path("large").asString()).isEqualTo("model-00002-of-00003.safetensors");
            assertThat(index.path("weight_map").path("d").asString()).isEqualTo("model-00003-of-00003.safetensors");
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                assertThat(checkpoint.shards()).isEqualTo(3);
                assertThat(checkpoint.names()).containsExactly("a", "b", "large", "d");
                assertThat(checkpoint.fileOf("b").view(manager, "b").toFloatArray())
                        .containsExactly(3, 4);
            }
        }
    }

    @Test
    void writeModel_thatFits_writesOneFileWithoutAnIndex() throws IOException {
        try (NDManager manager = Tensors.newManager("cpu")) {
            SafetensorsWriter.writeModel(
                    directory, Map.of("a", manager.create(new float[] {1, 2})), _ -> Dtype.BFLOAT16, 4);
        }
        assertThat(files()).containsExactly("model.safetensors");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
