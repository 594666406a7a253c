package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePatternTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        for (String name : List.of(
                "b.jsonl", "a.jsonl", "c.parquet", ".hidden.jsonl", "[x].jsonl", "sub/d.jsonl", "sub/deep/e.jsonl")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{}");
        }
        Files.createDirectory(folder.resolve("folder.jsonl"));
    }

    private List<String> names(String pattern) {
        return FilePattern.files("data", folder.resolve(pattern)).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.jsonl          | a.jsonl
            missing.jsonl    | missing.jsonl
            *.jsonl          | [x].jsonl a.jsonl b.jsonl
            [ab].jsonl       | a.jsonl b.jsonl
            [x].jsonl        | [x].jsonl
            {b,c}.*          | b.jsonl c.parquet
            ?.parquet        | c.parquet
            .*.jsonl         | .hidden.jsonl
            */*.jsonl        | sub/d.jsonl
            sub/**           | sub/d.jsonl sub/deep/e.jsonl
            **/[a-e].jsonl   | a.jsonl b.jsonl sub/d.jsonl sub/deep/e.jsonl
            s?b/d.jsonl      | sub/d.jsonl
            """)
    void files_areThoseThatMatch_sorted(String pattern, String expected) {
        assertThat(names(pattern)).containsExactly(expected.split(" "));
    }

    /// The build and the tests stand in the folder of a pom.xml.
    @Test
    void files_ofARelativePattern_areRelative() {
        assertThat(FilePattern.files("data", Path.of("pom.x[m]l"))).containsExactly(Path.of("pom.xml"));
    }

    @Test
    void files_whereNothingMatches_namesThePattern() {
        Path none = folder.resolve("*.json");
        assertThatThrownBy(() -> FilePattern.files("data", none))
                .isInstanceOf(DataException.class)
                .hasMessage("data: no file matches %s; correct the pattern".formatted(none));
        assertThatThrownBy(() -> FilePattern.files("data", folder.resolve("no/folder/*.json")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no file matches");
        assertThatThrownBy(() -> FilePattern.files("data", folder.resolve("[a.jsonl")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("data: " + folder.resolve("[a.jsonl") + " is no pattern: ");
    }
}
