package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonlTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("f.jsonl"), text);
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static List<String> ids(Path file) {
        return Jsonl.read(file).stream()
                .map(record -> record.line() + ":" + record.text("id"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n",
                "{\"id\":\"a\"}\r\n \t\r\n{\"id\":\"b\"}",
                "\ufeff{\"id\":\"a\"}\n\n  {\"id\":\"b\"}  \n\n\n",
                "[{\"id\":\"a\"},\n\n{\"id\":\n\"b\"}]",
                "\ufeff[ {\"id\":\"a\"\n}\n, {\"id\":\"b\"} ]\n \n",
            })
    void read_numbersRecordsByTheirLines(String text) throws IOException {
        assertThat(ids(file(text))).containsExactly("1:a", "3:b");
    }

    @Test
    void read_numbersAnArraysLinesFromTheTopOfTheFile() throws IOException {
        assertThat(ids(file("\n \n[\n{\"id\":\"a\"}]"))).containsExactly("4:a");
    }

    @Test
    void read_unpacksGzip() throws IOException {
        byte[] both = packed("{\"id\":\"a\"}\n");
        Path file = Files.write(folder.resolve("f.jsonl.gz"), both);
        Files.write(file, packed("{\"id\":\"b\"}\n"), StandardOpenOption.APPEND);
        assertThat(ids(file)).containsExactly("1:a", "2:b");
        Files.write(file, packed("[{\"id\":\"c\"}]"));
        assertThat(ids(file)).containsExactly("1:c");
    }

    @Test
    void read_keepsLinesOfAnyLengthWhole() throws IOException {
        // lengths around the buffer's 65,536 bytes, with characters of two bytes across its end
        StringBuilder text = new StringBuilder();
        int[] lengths = {0, 1, 32_762, 32_763, 32_764, 65_530, 100_000};
        for (int length : lengths) {
            text.append("{\"id\":\"").append("é".repeat(length)).append("\"}\n");
        }
        assertThat(Jsonl.read(file(text.toString())).stream()
                        .mapToInt(record -> record.text("id").length()))
                .containsExactly(Arrays.stream(lengths).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``           | : holds no records; write one JSON object a line",
                "; ;          | : holds no records; write one JSON object a line",
                "[]           | : holds no records; write one JSON object a line",
                "{};3         | :2: expected a JSON object, got 3",
                "{};[{}]      | :2: expected a JSON object, got [{}]",
                "[{},;3]      | :2: expected a JSON object, got 3",
                "{};null      | :2: expected a JSON object, got null",
                "{} {}        | :1: something follows the first value; write one JSON object a line",
                "{};{\"a\":1,\"a\":2} | :2: not valid JSON at column 11: Duplicate Object property \"a\"; write one JSON object a line",
                "[{},;{\"a\":1,\"a\":2}] | :2: not valid JSON at column 11: Duplicate Object property \"a\"; write one array of JSON objects",
                "{};;{\"a\":    | :3: not valid JSON at column 6: Unexpected end-of-input within/between Object entries; write one JSON object a line",
                "{;\"a\": 1;}  | :1: not valid JSON at column 2: Unexpected end-of-input: expected close marker for Object; write one JSON object a line",
                "{'a':1}      | :1: not valid JSON at column 2: Unexpected character (''' (code 39)): was expecting double-quote to start property name; write one JSON object a line",
                "{\"a\":NaN}  | :1: not valid JSON at column 9: Non-standard token 'NaN'; write one JSON object a line",
                "[{};{}]      | :2: not valid JSON at column 1: Unexpected character ('{' (code 123)): was expecting comma to separate Array entries; write one array of JSON objects",
                "[{},         | :1: not valid JSON at column 5: Unexpected end-of-input within/between Array entries; write one array of JSON objects",
                "[{}];{}      | :2: something follows the array; keep one array, or one object a line",
            })
    void read_saysWhereARecordIsWrong(String text, String problem) throws IOException {
        Path file = file(text.replace(';', '\n'));
        assertThatThrownBy(() -> Jsonl.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + problem);
    }

    @Test
    void read_refusesBytesThatAreNotUtf8() throws IOException {
        byte[] latin1 = "{\"a\":\"é\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("f.jsonl");
        for (String before : List.of("{}\n\n", "[{},\n\n")) {
            Files.writeString(file, before);
            Files.write(file, latin1, StandardOpenOption.APPEND);
            assertThatThrownBy(() -> Jsonl.read(file))
                    .isInstanceOf(DataException.class)
                    .hasMessage(
                            file + ":3: not UTF-8, got the byte 0xE9 as byte 7 of the line; save the file as UTF-8");
        }
        // a sequence cut off by the end of its line, an overlong slash, half a pair
        for (byte[] bad :
                new byte[][] {{(byte) 0xc3}, {(byte) 0xc0, (byte) 0xaf}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}}) {
            Files.write(file, bad);
            assertThatThrownBy(() -> Jsonl.read(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ":1: not UTF-8, got the byte 0x");
        }
    }

    @Test
    void read_survivesDeepNesting() throws IOException {
        Path file = file("{\"a\":" + "[".repeat(100_000));
        assertThatThrownBy(() -> Jsonl.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: not valid JSON")
                .hasMessageContaining("nesting depth (501)")
                .hasMessageNotContaining("\n");
    }

    @Test
    void read_namesAFileThatCannotBeRead() throws IOException {
        Path missing = folder.resolve("no.jsonl");
        assertThatThrownBy(() -> Jsonl.read(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": cannot be read: there is no such file");
        assertThatThrownBy(() -> Jsonl.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": is a directory; give a file in it");
        Path empty = Files.createFile(folder.resolve("e.jsonl.gz"));
        assertThatThrownBy(() -> Jsonl.read(empty))
                .isInstanceOf(DataException.class)
                .hasMessage(empty + ":1: the compressed data ends early; fetch the file again");
    }

    @Test
    void read_refusesDamagedGzip() throws IOException {
        Path file = Files.writeString(folder.resolve("f.jsonl.gz"), "{\"id\":\"a\"}");
        assertThatThrownBy(() -> Jsonl.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":1: the compressed data is damaged or not gzip (Not in GZIP format);"
                        + " fetch the file again");
        byte[] whole = packed("{\"id\":\"a\"}\n");
        Files.write(file, Arrays.copyOf(whole, whole.length - 4));
        assertThatThrownBy(() -> Jsonl.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2: the compressed data ends early; fetch the file again");
        whole[whole.length - 6] ^= 1;
        Files.write(file, whole);
        assertThatThrownBy(() -> Jsonl.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2: the compressed data is damaged or not gzip (Corrupt GZIP trailer);"
                        + " fetch the file again");
    }

    @Test
    @Tag("data")
    void read_takesTheOriginalFiles() {
        Path data = SharedData.at("eval");
        assertThat(Jsonl.read(data.resolve("hellaswag/hellaswag_val_500.jsonl")))
                .hasSize(500);
        assertThat(Jsonl.read(data.resolve("humaneval/HumanEval.jsonl.gz"))).hasSize(164);
        assertThat(Jsonl.read(data.resolve("math500/math500_250.json"))).hasSize(250);
        assertThat(Jsonl.read(data.resolve("ifeval/input_data.jsonl"))).hasSize(541);
    }
}
