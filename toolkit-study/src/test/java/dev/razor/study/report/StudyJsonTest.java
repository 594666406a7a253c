package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.study.figures.ReportScatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudyJsonTest {

    @TempDir
    private Path directory;

    private static final StudyRecord STUDY = new StudyRecord("t", "c", Map.of(), "y: 1\n", Map.of("razor", "0.1"));

    @Test
    void tablesAndScatters_readBackEqual() {
        ReportTable table = new ReportTable(
                "R²",
                "Beside the paper's.",
                List.of("meter", "paper", "ours"),
                List.of(List.of("forward_kl", "0.96", "0.94"), List.of("rank", "–", "")));
        ReportScatter scatter = new ReportScatter(
                "cosine",
                "Cosine",
                "Each dot a step.",
                "x",
                "y",
                true,
                List.of(new ReportScatter.Series("sft", List.of(1e-9, Double.NaN), List.of(0.5, -2.0))),
                true);
        StudyRecord study =
                new StudyRecord("t", "c", Map.of(), "y: 1\n", Map.of("razor", "0.1"), List.of(table), List.of(scatter));
        Path file = directory.resolve("study.json");
        StudyJson.write(file, study);
        assertThat(StudyJson.read(file)).isEqualTo(study);
    }

    @Test
    void tablesAndScatters_mayBeAbsent() throws IOException {
        Path file = directory.resolve("study.json");
        StudyJson.write(file, STUDY);
        assertThat(Files.readString(file)).doesNotContain("tables", "scatters");
        assertThat(StudyJson.read(file)).isEqualTo(STUDY);
    }

    @Test
    void read_ofAFileThatIsCutOff_saysSoWithoutTheParsersPlaces() throws IOException {
        Path file = Files.writeString(directory.resolve("study.json"), "{\"title\": ");
        assertThatThrownBy(() -> StudyJson.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file + ": cannot be read as JSON, got Unexpected end-of-input within/between Object entries; "
                                + "run the study again");
    }

    @Test
    void read_namesWhatIsWrongWithThem() throws IOException {
        Path file = directory.resolve("study.json");
        Files.writeString(file, """
                {"title": "t", "command": "c", "base_scores": {}, "study_yaml": "", "provenance": {},
                 "tables": [{"title": "t", "caption": "c", "header": ["a"], "rows": [["1", "2"]]}],
                 "scatters": [{"name": "../x", "title": "t", "caption": "c", "x_label": "x", "y_label": "y",
                               "series": [{"name": "s", "xs": [1, "two"], "ys": [1]}]}]}
                """);
        String end = "; run the study again";
        assertThatThrownBy(() -> StudyJson.read(file))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        file
                                                + ": tables[0].rows must have as many cells as the header, got [[\"1\",\"2\"]]"
                                                + end,
                                        file + ": scatters[0].name must be letters, digits, _ and -, got \"../x\""
                                                + end,
                                        file + ": scatters[0].series[0].xs must be numbers or null, got [1,\"two\"]"
                                                + end,
                                        file + ": scatters[0].series[0].ys must be as many as xs, 2, got [1]" + end));
    }
}
