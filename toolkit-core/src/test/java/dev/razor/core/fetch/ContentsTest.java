package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentsTest {

    private static final byte[] PICKLE = HexFormat.of().parseHex("80027d710158");

    @TempDir
    private Path folder;

    private @Nullable String problem(byte[] bytes) throws IOException {
        return Contents.problem("weights.dat", Files.write(folder.resolve("file"), bytes));
    }

    private static byte[] zip(Charset names, String... entries) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out, names)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(PICKLE);
            }
        }
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void pickles_areKnownInArchivesToo() throws IOException {
        assertThat(problem(PICKLE)).startsWith("is a Python pickle, which can run code");
        assertThat(problem(gzip(PICKLE))).startsWith("is a gzipped Python pickle");
        assertThat(problem(zip(StandardCharsets.UTF_8, "archive/version", "archive/data.pkl")))
                .startsWith("is a zip archive that holds a Python pickle");
        assertThat(problem(zip(StandardCharsets.UTF_8, "A.PKL"))).startsWith("is a zip archive that holds");
    }

    @Test
    void archivesThatCannotBeLookedInto_areRefused() throws IOException {
        byte[] whole = zip(StandardCharsets.UTF_8, "archive/data.pkl");
        whole[whole.length - 22] = 0; // where the directory of it is said to be
        assertThat(problem(whole)).startsWith("begins as a zip archive and is none");
        assertThat(problem("PK\u0003\u0004".getBytes(StandardCharsets.US_ASCII)))
                .startsWith("begins as a zip archive");
    }

    private @Nullable String safetensors(String header, int data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        return Contents.problem("model.safetensors", Files.write(folder.resolve("file"), bytes.array()));
    }

    @Test
    void safetensorsFiles_areWhole() throws IOException {
        String header = "{\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";
        assertThat(safetensors(header, 8)).isNull();
        assertThat(safetensors(header, 7))
                .startsWith("is no safetensors file that can be read: tensor w ends at byte 8");
        assertThat(safetensors(header, 9)).contains("9 bytes of data, but the header lists 8");
        assertThat(safetensors("{\"w\": nothing}", 8))
                .startsWith("is no safetensors file that can be read: the header is not valid JSON");
        assertThat(safetensors(header.replace("8]", "99]"), 8)).contains("tensor w has 99 bytes in the file");
        assertThat(safetensors("[]", 0)).startsWith("is no safetensors file, whatever its name says");
    }

    @Test
    void webPages_areKnownByTheirStart() throws IOException {
        for (String page : List.of("<html>", "\n\t <HTML lang=x>", "<!DOCTYPE html>", "\ufeff <!doctype HTML >")) {
            assertThat(Contents.isWebPage(Files.writeString(folder.resolve("file"), page)))
                    .isTrue();
        }
        for (String other : List.of("", "{}", "<h1>", "a <html>")) {
            assertThat(Contents.isWebPage(Files.writeString(folder.resolve("file"), other)))
                    .isFalse();
        }
    }

    @Test
    void others_areLeftAlone() throws IOException {
        assertThat(problem(new byte[0])).isNull();
        assertThat(problem(new byte[] {(byte) 0x80})).isNull();
        assertThat(problem(zip(StandardCharsets.ISO_8859_1, "caf\u00e9.jsonl", "data.json")))
                .isNull();
        assertThat(problem(gzip("{}".getBytes(StandardCharsets.US_ASCII)))).isNull();
        assertThat(problem(gzip(new byte[0]))).isNull();
        assertThat(problem(new byte[] {0x1f, (byte) 0x8b})).isNull();
        assertThat(problem(new byte[] {0x1f, (byte) 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}))
                .isNull();
        byte[] broken = gzip(PICKLE);
        broken[10] = 7; // a block of a kind that there is not
        assertThat(problem(broken)).isNull();
    }
}
