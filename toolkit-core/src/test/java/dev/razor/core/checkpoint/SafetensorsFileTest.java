package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsFileTest {

    private static final String TWO = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    private Path directory;

    private Path file(byte[] bytes) {
        return SafetensorsBytes.write(directory.resolve("x.safetensors"), bytes);
    }

    private static String problem(Path file) {
        CheckpointException e = catchThrowableOfType(
                CheckpointException.class, () -> SafetensorsFile.open(file).close());
        assertThat(e).isNotNull();
        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().getFirst()).startsWith(file + ": ").doesNotContainPattern("\\R");
        return e.problems().getFirst();
    }

    @Test
    void open_refusesAMissingFileAndADirectory() {
        assertThat(problem(directory.resolve("none.safetensors"))).contains("no such file", "download it again");
        assertThat(problem(directory)).contains("cannot be read");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void open_refusesAFileWithoutTheHeadersLength(int bytes) {
        assertThat(problem(file(new byte[bytes]))).contains(bytes + " bytes are too few");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "1000, 1000",
        "-1, 18446744073709551615",
        "-9223372036854775808, 9223372036854775808",
        "9223372036854775807, 9223372036854775807",
        "4294967297, 4294967297"
    })
    void open_refusesAHeaderLengthThatCannotBe(long claimed, String shown) {
        byte[] bytes = SafetensorsBytes.ofClaimed(claimed, TWO.getBytes(StandardCharsets.UTF_8), new byte[8]);
        assertThat(problem(file(bytes)))
                .contains("the header claims " + shown + " bytes, but the file has " + bytes.length);
    }

    @Test
    void open_refusesEveryTruncation() {
        byte[] whole = SafetensorsBytes.of(TWO, SafetensorsBytes.floats(1, 2));
        for (int length = 0; length < whole.length; length++) {
            problem(file(Arrays.copyOf(whole, length)));
        }
        SafetensorsFile.open(file(whole)).close();
    }

    /// 1.5 is 3FC00000 as F32, 3FC0 as BF16 and 3E00 as F16; -2 is C0000000, C000 and C000.
    @Test
    void copyAndView_readEveryTypeFromBytesWrittenByHand() {
        String json = """
                {"f32":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                 "bf16":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},
                 "f16":{"dtype":"F16","shape":[2,1],"data_offsets":[12,16]},
                 "i64":{"dtype":"I64","shape":[],"data_offsets":[16,24]},
                 "none":{"dtype":"F32","shape":[2,0],"data_offsets":[24,24]}}""";
        byte[] data = {
            0,
            0,
            (byte) 0xC0,
            0x3F,
            0,
            0,
            0,
            (byte) 0xC0, //
            (byte) 0xC0,
            0x3F,
            0,
            (byte) 0xC0, //
            0,
            0x3E,
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
        // From an even header to an odd one every alignment of the data occurs.
        for (int spaces = 0; spaces < 8; spaces++) {
            try (NDManager manager = Tensors.newManager("cpu");
                    NDScope _ = new NDScope();
                    SafetensorsFile file =
                            SafetensorsFile.open(file(SafetensorsBytes.of(json + " ".repeat(spaces), data)))) {
                for (String name : new String[] {"f32", "bf16", "f16"}) {
                    assertThat(file.copy(manager, name, Dtype.FLOAT32).toFloatArray())
                            .as(name)
                            .containsExactly(1.5f, -2f);
                    NDArray view = file.view(manager, name);
                    assertThat(Tensors.dtype(view)).isEqualTo(file.dtype(name));
                    assertThat(dev.razor.core.tensor.Aten.to(view, Dtype.FLOAT32)
                                    .toFloatArray())
                            .as(name)
                            .containsExactly(1.5f, -2f);
                }
                assertThat(file.shape("f16")).containsExactly(2, 1);
                assertThat(file.view(manager, "i64").toLongArray()).containsExactly(-2);
                assertThat(file.view(manager, "i64").getShape().dimension()).isZero();
                assertThat(file.copy(manager, "none", Dtype.FLOAT32).getShape().getShape())
                        .containsExactly(2, 0);
                assertThat(file.view(manager, "none").size()).isZero();
            }
        }
    }

    @Test
    void view_ofAnUnknownTensor_namesFileAndTensor() {
        Path path = file(SafetensorsBytes.of(TWO, new byte[8]));
        try (NDManager manager = Tensors.newManager("cpu");
                SafetensorsFile file = SafetensorsFile.open(path)) {
            CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> file.view(manager, "b"));
            assertThat(e.getMessage()).contains(path.toString(), "holds no tensor b");
        }
    }
}
