package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.ParquetFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DataFilesTest {

    private static final String[] RECORDS = {
        "{\"id\":1,\"messages\":[{\"role\":\"user\",\"content\":\"h\u00e9 \\\"q\\\" \\n \ud83d\ude00\"},"
                + "{\"role\":\"assistant\",\"content\":\"\"}],\"score\":0.5,\"tags\":[\"a\",\"b\"]}",
        "{\"id\":2,\"messages\":[],\"score\":-2.0,\"tags\":[]}",
        "{\"id\":3,\"messages\":[{\"role\":\"tool\",\"content\":\"\\u001b[31m\",\"name\":\"f\"}],\"tags\":[\"\"]}"
    };

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private static List<ObjectNode> nodes(Path file) {
        return DataFiles.read(file).stream().map(JsonRecord::node).toList();
    }

    private static List<ObjectNode> parsed(String... lines) {
        return Arrays.stream(lines)
                .map(line -> (ObjectNode) JsonMapper.shared().readTree(line))
                .toList();
    }

    /// Parquet writes a null where a record lacks a field; it is as if the field were not there, as in the JSONL.
    @Test
    void read_ofParquet_givesTheRecordsOfTheSameJsonl() throws IOException {
        Path parquet = ParquetFiles.ofJson(folder.resolve("f.parquet"), RECORDS);
        Path jsonl = Files.writeString(folder.resolve("f.jsonl"), String.join("\n", RECORDS));
        assertThat(nodes(parquet)).isEqualTo(nodes(jsonl)).isEqualTo(parsed(RECORDS));
        assertThat(DataFiles.read(parquet).getLast().has("score")).isFalse();
    }

    @Test
    void read_ofParquet_namesRows() {
        Path file = ParquetFiles.ofJson(folder.resolve("f.Parquet"), RECORDS);
        JsonRecord last = DataFiles.read(file).getLast();
        assertThat(last.line()).isEqualTo(3);
        assertThatThrownBy(() -> last.text("score"))
                .hasMessage(file + ": row 3: score: missing; the fields are id, messages, tags");
        assertThatThrownBy(() -> last.objects("messages").getFirst().integer("role"))
                .hasMessageStartingWith(file + ": row 3: messages[0].role: expected a whole number");
    }

    /// The names of columns that SQL could take for something else.
    @Test
    void read_ofParquet_takesAnyColumn() {
        Path file = ParquetFiles.write(folder.resolve("f.parquet"), """
                SELECT true AS "t", 1 AS "select", 2 AS "a "" b", 3 AS "r'", [[1, NULL], []] AS nested,
                    map {'k': 1} AS map, date '2020-01-02' AS day, timestamptz '2020-01-02 03:04:05+02' AS moment, 1.25::DECIMAL(9, 2) AS price,
                    '{"x": [null]}'::JSON AS json, 'nan'::DOUBLE AS nan, 1e300 AS large, NULL::VARCHAR AS none""");
        ObjectNode node = nodes(file).getFirst();
        assertThat(node.get("nan").doubleValue()).isNaN();
        node.remove("nan");
        assertThat(node).isEqualTo(parsed("""
                        {"t": true, "select": 1, "a \\" b": 2, "r'": 3, "nested": [[1, null], []], "map": {"k": 1},
                        "day": "2020-01-02", "moment": "2020-01-02 01:04:05+00", "price": 1.25, "json": {"x": [null]}, "large": 1e300}""").getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's.parquet",
                "x[1].parquet",
                "s*r.parquet",
                "q?m.parquet",
                "{a,b}.parquet",
                "k=v.parquet",
                "'; DROP TABLE x; --.parquet",
                "back\\slash.parquet",
                "new\nline.parquet",
                "\u65e5 \u672c.parquet"
            })
    void read_ofParquet_takesAnyName(String name) throws IOException {
        Path plain = ParquetFiles.write(folder.resolve("plain.parquet"), "SELECT 7 AS id");
        Path file = Files.move(plain, folder.resolve(name));
        ParquetFiles.write(folder.resolve("x1.parquet"), "SELECT 8 AS id");
        assertThat(DataFiles.read(file))
                .singleElement()
                .satisfies(record -> assertThat(record.integer("id")).isEqualTo(7));
        assertThat(nodes(file).getFirst().propertyNames()).containsExactly("id");
    }

    /// 5000 rows are more than DuckDB hands over at once.
    @Test
    void read_ofParquet_keepsTheOrder() {
        Path file = ParquetFiles.write(
                folder.resolve("f.parquet"), "SELECT i AS id FROM range(5000) AS numbers(i) ORDER BY i");
        List<JsonRecord> records = DataFiles.read(file);
        assertThat(records).hasSize(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(records.get(i).integer("id")).isEqualTo(i);
            assertThat(records.get(i).line()).isEqualTo(i + 1);
        }
    }

    @Test
    void read_ofParquet_leavesNothingBeside() throws IOException {
        Path file = ParquetFiles.ofJson(folder.resolve("f.parquet"), RECORDS);
        DataFiles.read(file);
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    private void assertProblem(Path file, String problem) {
        assertThatThrownBy(() -> DataFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void read_ofDamagedParquet_saysWhatIsWrong() throws IOException {
        Path good = ParquetFiles.ofJson(folder.resolve("good.parquet"), RECORDS);
        byte[] bytes = Files.readAllBytes(good);
        Path file = folder.resolve("f.parquet");
        assertProblem(file, "cannot be read: there is no such file");
        assertProblem(Files.createDirectory(folder.resolve("d.parquet")), "is a directory; give a file in it");
        Files.write(file, new byte[0]);
        assertProblem(file, "is empty; fetch the file again");
        Files.writeString(file, "{\"messages\": []}");
        assertProblem(file, "is not Parquet, it does not begin with PAR1; name it after its form");
        for (int length : new int[] {4, 5, 11, 100, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertProblem(
                    file, "is cut short, after %d bytes there is no PAR1; fetch the file again".formatted(length));
        }
        ParquetFiles.write(file, "SELECT 1 AS id WHERE false");
        assertProblem(file, "holds no records; give a file with rows");
        Files.write(file, "PAR1PAR1PAR1".getBytes(StandardCharsets.US_ASCII));
        assertProblem(file, "cannot be read after row 0: ");
    }

    /// What lies between the marks is destroyed byte by byte: whatever is found is one line, never a crash.
    @Test
    void read_ofParquetWithWrongBytes_isOneLine_orGivesRecords() throws IOException {
        byte[] bytes = Files.readAllBytes(ParquetFiles.ofJson(folder.resolve("good.parquet"), RECORDS));
        Path file = folder.resolve("f.parquet");
        int refused = 0;
        for (int at = 4; at < bytes.length - 4; at += bytes.length / 20) {
            byte[] wrong = bytes.clone();
            Arrays.fill(wrong, at, Math.min(at + 8, bytes.length - 4), (byte) 0xff);
            Files.write(file, wrong);
            try {
                assertThat(DataFiles.read(file)).isNotEmpty();
            } catch (DataException e) {
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void read_ofParquetWithBytesThatAreNotUtf8_showsThem() throws IOException {
        Path file = ParquetFiles.write(folder.resolve("f.parquet"), "SELECT 'caf_' AS prompt");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (new String(bytes, i, 4, StandardCharsets.ISO_8859_1).equals("caf_")) {
                bytes[i + 3] = (byte) 0xe9;
            }
        }
        Files.write(file, bytes);
        assertThatThrownBy(() -> DataFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": cannot be read after row 0: ")
                .hasMessageContaining("value \"caf\\xE9\" is not valid UTF8")
                .hasMessageEndingWith("; write or fetch the file again");
    }

    @Test
    void map_tellsTwentyProblems_andCountsTheRest() throws IOException {
        Path file = Files.writeString(folder.resolve("f.jsonl"), "{\"id\":\"a\"}\n".repeat(30) + "{broken\n");
        assertThatThrownBy(() -> DataFiles.map(file, record -> record.integer("id")))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .hasSize(21)
                                .startsWith(file + ":1: id: expected a whole number of at most 32 bits, got \"a\"")
                                .endsWith(file + ": 11 more problems of this kind or others; correct these first"));
        assertThat(DataFiles.map(ParquetFiles.ofJson(folder.resolve("f.parquet"), RECORDS), JsonRecord::line))
                .containsExactly(1, 2, 3);
    }
}
