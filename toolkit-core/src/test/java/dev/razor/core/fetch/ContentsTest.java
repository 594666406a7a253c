package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
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
