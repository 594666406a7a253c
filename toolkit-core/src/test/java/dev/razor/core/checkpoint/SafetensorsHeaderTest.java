package dev.razor.core.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.tensor.Dtype;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsHeaderTest {

    private static Map<String, TensorEntry> parse(String json, long dataBytes) {
        return SafetensorsHeader.parse("x.safetensors", json.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private static String problem(String json, long dataBytes) {
        CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> parse(json, dataBytes));
        assertThat(e).as(json).isNotNull();
        assertThat(e.problems()).hasSize(1);
        return e.problems().getFirst();
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
    }

    /// Each line: dtype, shape, offsets, bytes of data, what the message must say.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "F8_E4M3"  | [2]                 | [0,2]          | 2 | dtype "F8_E4M3"
            7          | [2]                 | [0,2]          | 2 | dtype 7
            {"a":1}    | [2]                 | [0,2]          | 2 | dtype {"a":1}
            "F32"      | [2]                 | [0,4]          | 4 | has 4 bytes in the file, but F32[2] takes 8
            "BF16"     | [2,3]               | [0,13]         | 13 | has 13 bytes in the file, but BF16[2,3] takes 12
            "F32"      | []                  | [0,8]          | 8 | has 8 bytes in the file, but F32[] takes 4
            "F32"      | [2]                 | [8,0]          | 8 | data_offsets [8,0]
            "F32"      | [2]                 | [-8,0]         | 8 | data_offsets [-8,0]
            "F32"      | [2]                 | [0,8,8]        | 8 | data_offsets [0,8,8]
            "F32"      | [2]                 | [8]            | 8 | data_offsets [8]
            "F32"      | [2]                 | [0,8.0]        | 8 | data_offsets [0,8.0]
            "F32"      | [2]                 | ["0","8"]      | 8 | data_offsets ["0","8"]
            "F32"      | [2]                 | [0,1e400]      | 8 | data_offsets
            "F32"      | [2]                 | [0,99999999999999999999] | 8 | data_offsets [0,99999999999999999999]
            "F32"      | [2]                 | {"0":0,"8":8}  | 8 | data_offsets
            "F32"      | [-2]                | [0,8]          | 8 | shape [-2]
            "F32"      | [2.5]               | [0,8]          | 8 | shape [2.5]
            "F32"      | 2                   | [0,8]          | 8 | shape
            "F32"      | [4611686018427387904] | [0,8]        | 8 | more than 2^63 bytes
            "F32"      | [3037000500,3037000500] | [0,8]      | 8 | more than 2^63 bytes
            "F32"      | [2]                 | [0,8]          | 7 | ends at byte 8, but the file holds 7
            "F32"      | [2]                 | [0,8]          | 9 | 9 bytes of data, but the header lists 8
            "F32"      | [2]                 | [4,12]         | 12 | begins at byte 4, where byte 0 was expected
            """)
    void parse_refusesABadEntry_namingFileTensorAndValue(
            String dtype, String shape, String offsets, long dataBytes, String saying) {
        assertThat(problem(tensor(dtype, shape, offsets), dataBytes))
                .startsWith("x.safetensors: ")
                .contains(saying)
                .contains("download it again")
                .doesNotContainPattern("\\R");
    }

    @ParameterizedTest
    @CsvSource({"4, 12, overlap", "12, 20, gap", "0, 8, overlap"})
    void parse_refusesOverlapsAndGaps(long begin, long end, String saying) {
        String json = """
                {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                 "b":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}""".formatted(begin, end);
        assertThat(problem(json, 20)).contains("x.safetensors: tensor b begins at byte " + begin, saying);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                    | not a JSON object
            "text"                | not a JSON object
            null                  | not a JSON object
            {"a":1}               | tensor a
            {"a":null}            | tensor a
            {"a":{}}              | tensor a
            {"a":{"dtype":"F32"   | not valid JSON
            {"a":1,"a":2}         | not valid JSON
            {} {}                 | not valid JSON
            {"a" 1}               | not valid JSON
            """)
    void parse_refusesAHeaderThatIsNoObjectOfTensors(String json, String saying) {
        assertThat(problem(json, 0))
                .startsWith("x.safetensors: ")
                .contains(saying)
                .doesNotContainPattern("\\R");
    }

    @Test
    void parse_refusesAnEmptyHeader() {
        assertThat(problem("  ", 0)).contains("the header is not");
    }

    @Test
    void parse_refusesDeepNesting_withoutUsingUpTheStack() {
        assertThat(problem("{\"a\":" + "[".repeat(200_000), 0)).contains("not valid JSON");
        assertThat(problem("{\"a\":" + "{\"b\":".repeat(200_000), 0)).contains("not valid JSON");
    }

    @Test
    void parse_refusesBytesThatAreNotUtf8() {
        byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        json[2] = (byte) 0xFF;
        CheckpointException e =
                catchThrowableOfType(CheckpointException.class, () -> SafetensorsHeader.parse("x", json, 0));
        assertThat(e.problems().getFirst()).startsWith("x: ").doesNotContainPattern("\\R");
    }

    /// A name or value of the header comes from outside: it must break neither the line nor the screen.
    @Test
    void parse_keepsMessagesToOneShortLine() {
        assertThat(problem("{\"a\\nb\\u001b[2J\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1))
                .doesNotContainPattern("\\p{Cntrl}");
        String long_ = "9".repeat(500) + ",";
        assertThat(problem(tensor("\"F32\"", "[" + long_.repeat(200) + "1]", "[0,4]"), 4))
                .hasSizeLessThan(400);
    }

    @Test
    void parse_readsScalarsAndEmptyTensors() {
        Map<String, TensorEntry> entries = parse("""
                {"__metadata__":{"format":"pt"},
                 "empty":{"dtype":"I64","shape":[3,0,2],"data_offsets":[0,0]},
                 "scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
                 "last":{"shape":[0],"data_offsets":[4,4],"dtype":"BOOL"}}   \s""", 4);
        assertThat(entries.keySet()).containsExactly("empty", "scalar", "last");
        assertThat(requireNonNull(entries.get("scalar")).shape()).isEmpty();
        assertThat(requireNonNull(entries.get("empty")).dtype()).isEqualTo(Dtype.INT64);
    }

    /// Tensors may stand in the header in another order than in the data.
    @Test
    void parse_takesAnyOrderOfEntries() {
        Map<String, TensorEntry> entries = parse("""
                {"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},
                 "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8);
        assertThat(entries.keySet()).containsExactly("b", "a");
        assertThat(requireNonNull(entries.get("b")).begin()).isEqualTo(4);
    }

    @Test
    void parse_anEmptyFileOfNoTensors_isRight() {
        assertThat(parse("{}", 0)).isEmpty();
    }
}
