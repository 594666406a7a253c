package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.eval.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFilesTest {

    private static final BenchmarkFiles FILES =
            new BenchmarkFiles("toy", List.of("toy"), List.of(List.of("x", "y"), List.of("z")), Split.TEST);

    @TempDir
    Path data;

    @Test
    void find_looksUnderTheFolderAndInTheFolderItself() {
        Golden.write(data.resolve("toy/deep/er.jsonl"), "{\"x\": 1, \"y\": 2, \"more\": 3}\n");
        assertThat(FILES.find(data).path()).isEqualTo(data.resolve("toy/deep/er.jsonl"));

        Path flat = data.resolve("flat");
        Golden.write(flat.resolve("a.json"), "[{\"z\": 1}]");
        assertThat(FILES.find(flat).path()).isEqualTo(flat.resolve("a.json"));

        Path csv = data.resolve("csv");
        Golden.write(csv.resolve("a.csv"), "y,x\n1,2\n");
        assertThat(FILES.find(csv).path()).isEqualTo(csv.resolve("a.csv"));
    }

    @Test
    void find_takesAFileAsItIs() {
        Golden.write(data.resolve("any.thing"), "{}");

        assertThat(FILES.find(data.resolve("any.thing")).path()).isEqualTo(data.resolve("any.thing"));
    }

    @Test
    void find_passesOverOtherBenchmarksFiles() {
        Golden.write(data.resolve("a.jsonl"), "{\"x\": 1}\n");
        Golden.write(data.resolve("b.jsonl"), "{\"x\": 1, \"y\": 2}\n");
        Golden.write(data.resolve("c.txt"), "{\"x\": 1, \"y\": 2}\n");
        Golden.write(data.resolve("d.json"), "not json");
        Golden.write(data.resolve("other/e.jsonl"), "{\"x\": 1, \"y\": 2}\n");

        assertThat(FILES.find(data).path()).isEqualTo(data.resolve("b.jsonl"));
    }

    @Test
    void find_namesBothCandidates() {
        Golden.write(data.resolve("toy/one.jsonl"), "{\"z\": 1}\n");
        Golden.write(data.resolve("two.jsonl"), "{\"x\": 1, \"y\": 2}\n");

        assertThatThrownBy(() -> FILES.find(data))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "toy: needs one file, got %s and %s; give one of them with --data",
                        data.resolve("toy/one.jsonl"), data.resolve("two.jsonl"));
    }

    @Test
    void find_saysWhatItSawInstead() {
        Golden.write(data.resolve("a.jsonl"), "{\"x\": 1, \"w\": 2}\n");
        Golden.write(data.resolve("b.jsonl"), "");
        Golden.write(data.resolve("c.jsonl"), "{\"x\": \n");

        assertThatThrownBy(() -> FILES.find(data))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("toy: no file with the fields x, y or z under " + data)
                .hasMessageContaining("a.jsonl (fields x, w)")
                .hasMessageContaining("b.jsonl (empty)")
                .hasMessageContaining("c.jsonl: must be JSON");
        assertThatThrownBy(() -> FILES.find(data.resolve("missing")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("missing does not exist");
    }

    @Test
    void read_unpacksGzip() throws IOException {
        Path file = data.resolve("toy.jsonl.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"z\": \"ü\"}\n\n{\"z\": \"b\"}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(FILES.find(data).read(each -> each.where() + " " + each.text("z")))
                .containsExactly(file + ":1 ü", file + ":3 b");
    }

    @Test
    void read_refusesBrokenFiles() throws IOException {
        Path file = data.resolve("toy.jsonl");
        Golden.write(file, "\n");
        assertThatThrownBy(() -> new DataFile(file).read(each -> each)).hasMessageContaining("holds no records");

        Golden.write(file, "{\"z\": \"a\"}\n{\"z\": \"b");
        assertThatThrownBy(() -> new DataFile(file).read(each -> each))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: must be JSON, got ")
                .hasMessageNotContaining("\n");

        Golden.write(file, "{\"z\": \"a\"}\n7\n");
        assertThatThrownBy(() -> new DataFile(file).read(each -> each))
                .hasMessage(file + ":2: must be an object, got 7; correct the line");

        Files.write(file, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        assertThatThrownBy(() -> new DataFile(file).read(each -> each))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("must be UTF-8");

        Path notGzip = data.resolve("toy.jsonl.gz");
        Golden.write(notGzip, "{\"z\": \"a\"}\n");
        assertThatThrownBy(() -> new DataFile(notGzip).read(each -> each))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void read_stopsListingAfterTwentyProblems() {
        Path file = data.resolve("toy.jsonl");
        Golden.write(file, "{\"a\": 1}\n".repeat(30));

        assertThatThrownBy(() -> new DataFile(file).read(each -> each.text("z")))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems()).hasSize(21).endsWith(file + ": 10 more problems like these"));
    }
}
