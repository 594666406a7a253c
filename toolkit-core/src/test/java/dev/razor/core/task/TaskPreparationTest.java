package dev.razor.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.run.Sha256;
import dev.razor.core.testing.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TaskPreparationTest {

    private static final int ALL = Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    private Path source;

    @BeforeEach
    void write() throws IOException {
        source = Files.createDirectory(folder.resolve("source"));
        questions("a.jsonl", 0, 30);
        questions("b.jsonl", 30, 40);
    }

    private Path questions(String name, int from, int to) throws IOException {
        return Files.write(
                source.resolve(name),
                IntStream.range(from, to)
                        .mapToObj(i -> "{\"question\": \"What is %d?\", \"answer\": \"%d\"}".formatted(i, i))
                        .toList());
    }

    private TaskPreparation preparation(List<Path> input, List<Path> test, Split split) {
        return new TaskPreparation(Task.MATH, input, test, split, 42, ALL);
    }

    private static List<String> ids(Path file) {
        return Jsonl.read(file).stream()
                .map((JsonRecord record) -> record.text("id"))
                .toList();
    }

    @Test
    void write_publishesThePartsAndTheManifest() throws IOException {
        Path output = folder.resolve("new/math");
        TaskPreparation.Written written =
                preparation(List.of(source), List.of(), Split.STANDARD).write(output);
        assertThat(written.counts()).isEqualTo(Map.of("train.jsonl", 30, "validation.jsonl", 2, "test.jsonl", 8));
        JsonNode manifest = JsonMapper.shared().readTree(Files.readString(output.resolve("manifest.json")));
        assertThat(manifest.path("task").asString()).isEqualTo("math");
        assertThat(manifest.path("seed").asInt()).isEqualTo(42);
        assertThat(manifest.path("split").toString()).isEqualTo("[0.75,0.05,0.2]");
        assertThat(manifest.path("input").path("files").path(1).path("name").asString())
                .isEqualTo("b.jsonl");
        assertThat(manifest.path("input").path("files").path(1).path("sha256").asString())
                .isEqualTo(Sha256.ofFile(source.resolve("b.jsonl")));
        for (String file : written.counts().keySet()) {
            assertThat(manifest.path("files").path(file).path("sha256").asString())
                    .isEqualTo(Sha256.ofFile(output.resolve(file)));
            assertThat(ids(output.resolve(file))).hasSize(written.counts().get(file));
        }
        assertThat(Files.readString(output.resolve("manifest.json"))).doesNotContain(folder.toString());
    }

    @Test
    void write_givesTheSameBytesAgain_andTheSamePartsFromFilesInAnotherOrder() throws IOException {
        preparation(List.of(source), List.of(), Split.STANDARD).write(folder.resolve("one"));
        preparation(List.of(source), List.of(), Split.STANDARD).write(folder.resolve("two"));
        for (String file : List.of("train.jsonl", "validation.jsonl", "test.jsonl", "manifest.json")) {
            assertThat(folder.resolve("one").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("two").resolve(file));
        }
        Path turned = folder.resolve("turned");
        preparation(List.of(source.resolve("b.jsonl"), source.resolve("a.jsonl")), List.of(), Split.STANDARD)
                .write(turned);
        assertThat(ids(turned.resolve("test.jsonl")))
                .containsExactlyInAnyOrderElementsOf(ids(folder.resolve("one/test.jsonl")));
    }

    @Test
    void write_withTestFiles_keepsThemWhole_andOutOfTheTraining() throws IOException {
        Path test = folder.resolve("test.jsonl");
        Files.writeString(
                test,
                "{\"question\": \"what  IS 3?\", \"answer\": \"3\"}\n{\"question\": \"New?\", \"answer\": \"1\"}\n");
        Path output = folder.resolve("out");
        TaskPreparation.Written written = preparation(List.of(source), List.of(test), new Split(0.9, 0.1, 0))
                .write(output);
        assertThat(written.counts()).isEqualTo(Map.of("train.jsonl", 35, "validation.jsonl", 4, "test.jsonl", 2));
        assertThat(written.leftOut()).isEqualTo(Map.of("of a group that is tested", 1));
        assertThat(Files.readString(output.resolve("train.jsonl"))
                        + Files.readString(output.resolve("validation.jsonl")))
                .doesNotContain("What is 3?");
    }

    @Test
    void write_readsParquetAsTheSameRecords() throws IOException {
        String line =
                "{\"question\": \"Q?\", \"choices\": {\"text\": [\"1\", \"2\", \"3\", \"4\"], \"label\": [\"A\", \"B\", \"C\", \"D\"]}, \"answerKey\": \"D\", \"type\": \"mcq-4-choices\", \"domain\": \"Chemistry\", \"details\": {\"level\": \"L3\", \"subtask\": \"s\"}}";
        Path jsonl = Files.writeString(folder.resolve("q.jsonl"), line);
        Path parquet = ParquetFiles.ofJson(folder.resolve("q.parquet"), line);
        assertThat(Sources.prepared(Task.SCIENCE, parquet)).isEqualTo(Sources.prepared(Task.SCIENCE, jsonl));
    }

    @Test
    void write_ofBadRecords_tellsAllOfThem_andLeavesNothing() throws IOException {
        Files.writeString(source.resolve("c.jsonl"), "{\"question\": \"?\"}\n{\"answer\": \"1\"}\n");
        Path output = folder.resolve("out");
        assertThatThrownBy(() ->
                        preparation(List.of(source), List.of(), Split.STANDARD).write(output))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        source.resolve("c.jsonl") + ":1: answer: missing; the fields are question",
                                        source.resolve("c.jsonl") + ":2: question: missing; the fields are answer"));
        assertThat(output).doesNotExist();
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries).containsExactly(source);
        }
    }

    @Test
    void write_refusesAnOutputThatExists_andInputsThatDoNot() throws IOException {
        Path output = Files.createDirectory(folder.resolve("out"));
        TaskPreparation good = preparation(List.of(source), List.of(), Split.STANDARD);
        assertThatThrownBy(() -> good.write(output))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s exists; choose another name, or move it away".formatted(output));
        Path none = folder.resolve("none");
        assertThatThrownBy(() ->
                        preparation(List.of(none), List.of(), Split.STANDARD).write(folder.resolve("x")))
                .isInstanceOf(DataException.class)
                .hasMessage("--input: %s: there is no such file; correct the name".formatted(none));
        assertThatThrownBy(() ->
                        preparation(List.of(output), List.of(), Split.STANDARD).write(folder.resolve("x")))
                .isInstanceOf(DataException.class)
                .hasMessage("--input: %s: holds no .jsonl, .json or .parquet file; give the directory of the data"
                        .formatted(output));
        assertThatThrownBy(() -> preparation(List.of(source, source.resolve("a.jsonl")), List.of(), Split.STANDARD)
                        .write(folder.resolve("x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--input: %s is given twice; give it once".formatted(source.resolve("a.jsonl")));
    }

    @Test
    void write_ofAnotherTasksFile_saysThatNothingIsLeft() throws IOException {
        Path file = Files.writeString(
                folder.resolve("other.jsonl"),
                "{\"domain\": \"Physics\", \"type\": \"filling\", \"details\": {\"level\": \"L3\"}}");
        assertThatThrownBy(() -> new TaskPreparation(Task.SCIENCE, List.of(file), List.of(), Split.STANDARD, 42, ALL)
                        .write(folder.resolve("x")))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file + ": holds no record of science, left out {domain Physics=1}; give the task's own files");
    }
}
