package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartDataTest {

    private static final QuickstartWorld.Recipe RECIPE = QuickstartWorld.Recipe.standard();

    @TempDir
    private Path directory;

    @Test
    void write_makesTheSameBytesEachTime() throws IOException {
        assertThat(written("a", RECIPE)).isEqualTo(written("b", RECIPE));
    }

    @Test
    void write_makesOtherBytesForAnotherSeed() throws IOException {
        Map<String, String> standard = written("a", RECIPE);
        Map<String, String> other = written("b", new QuickstartWorld.Recipe(1, 200, 1200, 300, 200, 800, 0.15, 0.75));
        assertThat(other.keySet()).isEqualTo(standard.keySet());
        other.forEach((name, text) -> assertThat(text).as(name).isNotEqualTo(standard.get(name)));
    }

    @Test
    void files_haveTheirRecords_andStaySmall() throws IOException {
        Map<String, String> files = written("a", RECIPE);
        assertThat(files.keySet())
                .containsExactly(
                        "README.md",
                        "skills/arithmetic.jsonl",
                        "skills/comparison.jsonl",
                        "skills/counting.jsonl",
                        "skills/facts.jsonl",
                        "skills/lists.jsonl",
                        "skills/words.jsonl",
                        "task/kl_prompts.jsonl",
                        "task/pairs.jsonl",
                        "task/sft1.jsonl",
                        "task/sft2.jsonl",
                        "task/test.jsonl",
                        "task/train.jsonl");
        assertThat(records(files, "task/train.jsonl")).isEqualTo(1200);
        assertThat(records(files, "task/sft1.jsonl")).isEqualTo(1200);
        assertThat(records(files, "task/sft2.jsonl")).isEqualTo(1200);
        assertThat(records(files, "task/pairs.jsonl")).isEqualTo(1200);
        assertThat(records(files, "task/test.jsonl")).isEqualTo(300);
        assertThat(records(files, "task/kl_prompts.jsonl")).isEqualTo(200);
        assertThat(records(files, "skills/facts.jsonl")).isEqualTo(200);
        assertThat(files.values().stream().mapToInt(String::length).sum()).isLessThan(420_000);
        assertThat(String.join("", files.values())).isASCII();
    }

    @Test
    void records_haveTheirFieldsInOrder() throws IOException {
        Map<String, String> files = written("a", RECIPE);
        assertThat(files.get("task/train.jsonl"))
                .matches("(?s)\\{\"prompt\":\"Same parity as \\d{4}:\",\"answers\":\\[(\"\\d\",?){5}]}\n.*");
        assertThat(files.get("task/sft1.jsonl"))
                .matches("(?s)\\{\"prompt\":\"Same parity as \\d{4}:\",\"completion\":\" [01]\"}\n.*");
        assertThat(files.get("task/pairs.jsonl"))
                .matches(
                        "(?s)\\{\"prompt\":\"Same parity as \\d{4}:\",\"chosen\":\" [01]\",\"rejected\":\" \\d\"}\n.*");
        assertThat(files.get("task/kl_prompts.jsonl")).matches("(?s)\\{\"prompt\":\"Same parity as \\d{4}:\"}\n.*");
        assertThat(files.get("skills/arithmetic.jsonl"))
                .matches("(?s)\\{\"query\":\"[^\"]+\",\"choices\":\\[(\"\\d+\",?){4}],\"gold\":[0-3]}\n.*");
    }

    @Test
    void readme_namesEveryFileWithItsCount() throws IOException {
        Map<String, String> files = written("a", RECIPE);
        String readme = files.getOrDefault("README.md", "");
        files.keySet().stream()
                .filter(name -> name.endsWith(".jsonl"))
                .forEach(name -> assertThat(readme)
                        .contains("| `%s` | %d |"
                                .formatted(name.substring(name.indexOf('/') + 1), records(files, name))));
        assertThat(readme).contains("| seed | 20260101 |", "81 %");
    }

    @Test
    void nonEmptyDirectory_isLeftAlone() throws IOException {
        Path existing = Files.writeString(directory.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> QuickstartData.write(directory, RECIPE))
                .isInstanceOf(DataException.class)
                .hasMessage(directory + ": is not empty, got 1 entries; name a new or empty directory");
        assertThat(existing).hasContent("mine");
        assertThat(directory.resolve("task")).doesNotExist();
    }

    private Map<String, String> written(String name, QuickstartWorld.Recipe recipe) throws IOException {
        Path root = directory.resolve(name);
        QuickstartData.write(root, recipe);
        Map<String, String> files = new LinkedHashMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            List<Path> sorted = paths.filter(Files::isRegularFile).sorted().toList();
            for (Path path : sorted) {
                files.put(root.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            }
        }
        return files;
    }

    private static long records(Map<String, String> files, String name) {
        return files.getOrDefault(name, "").lines().count();
    }
}
