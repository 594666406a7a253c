package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(parent.resolve("model"));
    }

    private static byte[] one(String name, String dtype) {
        int bytes = dtype.equals("F32") ? 4 : 2;
        return SafetensorsBytes.of(
                "{\"%s\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}".formatted(name, dtype, bytes),
                new byte[bytes]);
    }

    private void shard(String file, String tensor) {
        SafetensorsBytes.write(directory.resolve(file), one(tensor, "F32"));
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(directory.resolve(Checkpoint.INDEX), "{\"weight_map\":" + weightMap + "}");
    }

    private List<String> problems() {
        CheckpointException e = catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(directory).close());
        assertThat(e).isNotNull();
        assertThat(e.problems())
                .allSatisfy(problem -> assertThat(problem)
                        .startsWith(directory.toString())
                        .hasSizeLessThan(600)
                        .doesNotContainPattern("\\p{Cntrl}"));
        return e.problems();
    }

    @Test
    void open_withoutWeights_namesBothFilesItLooksFor() {
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("model.safetensors", "model.safetensors.index.json", "give a Hugging Face model directory");
    }

    @Test
    void open_ofAFileWithoutTensors_isRefused() {
        SafetensorsBytes.write(directory.resolve(Checkpoint.SINGLE), SafetensorsBytes.of("{}"));
        assertThat(problems()).singleElement().asString().contains("model.safetensors", "holds no tensors");
    }

    @Test
    void open_reportsAllMissingShardsAndTensorsTogether_eachOnce() throws IOException {
        shard("one.safetensors", "a");
        index("""
                {"a":"one.safetensors","b":"one.safetensors","c":"two.safetensors","d":"two.safetensors",
                 "e":"three.safetensors"}""");
        assertThat(problems())
                .satisfiesExactly(
                        missing -> assertThat(missing).contains("one.safetensors", "holds no tensor b"),
                        two -> assertThat(two).contains("two.safetensors", "no such file", "download it again"),
                        three -> assertThat(three).contains("three.safetensors", "no such file"));
    }

    @Test
    void open_ofADamagedShard_namesTheShard() throws IOException {
        SafetensorsBytes.write(directory.resolve("one.safetensors"), new byte[5]);
        index("{\"a\":\"one.safetensors\"}");
        assertThat(problems()).singleElement().asString().contains("one.safetensors: 5 bytes are too few");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"../model.safetensors\"",
                "\"..\"",
                "\".\"",
                "\"\"",
                "\"/etc/passwd\"",
                "\"sub/one.safetensors\"",
                "\"..\\\\one.safetensors\"",
                "\"a\\u0000b\"",
                "\"a\\nb\"",
                "5",
                "null",
                "[\"one.safetensors\"]"
            })
    void open_refusesShardsThatAreNoFileNames(String shard) throws IOException {
        SafetensorsBytes.write(parent.resolve("model.safetensors"), one("a", "F32"));
        index("{\"a\":" + shard + "}");
        assertThat(problems()).singleElement().asString().contains("weight_map: a lies in ", "download it again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": []}",
                "{\"weight_map\": \"x\"}",
                "[]",
                "",
                "{\"weight_map\": {\"a\": ",
                "{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}"
            })
    void open_refusesABrokenIndex(String json) throws IOException {
        Files.writeString(directory.resolve(Checkpoint.INDEX), json);
        assertThat(problems()).singleElement().asString().contains(Checkpoint.INDEX, "download it again");
    }

    @Test
    void open_ofShards_findsEachTensorInItsFile() throws IOException {
        shard("one.safetensors", "a");
        shard("two.safetensors", "b");
        index("{\"b\":\"two.safetensors\",\"a\":\"one.safetensors\"}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactly("b", "a");
            assertThat(checkpoint.fileOf("a").names()).containsExactly("a");
            CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> checkpoint.fileOf("c"));
            assertThat(e.getMessage()).contains(directory.toString(), "no tensor c");
        }
    }

    @Test
    void storedType_isThatOfMostTensors() throws IOException {
        SafetensorsBytes.write(directory.resolve("one.safetensors"), one("a", "F32"));
        SafetensorsBytes.write(directory.resolve("two.safetensors"), one("b", "BF16"));
        SafetensorsBytes.write(directory.resolve("three.safetensors"), one("c", "BF16"));
        index("{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\",\"c\":\"three.safetensors\"}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.storedType()).isEqualTo(Dtype.BFLOAT16);
        }
    }
}
