package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.study.SyntheticPoints;
import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

    @TempDir
    private Path directory;

    @Test
    void rebuild_givesWhatWriteGave() throws IOException {
        List<Point> points = SyntheticPoints.study(1);
        PointsCsv.write(directory.resolve("points.csv"), points);
        StudyJson.write(directory.resolve("study.json"), study());
        Report.write(directory, new ReportData(study(), points, Fits.of(points)));
        Map<String, String> written = contents();
        assertThat(written.keySet())
                .contains("report.html", "fits.json", "figures/forgetting_vs_kl.svg", "figures/new_vs_prior.svg");
        Files.delete(directory.resolve("fits.json"));
        assertThat(Report.rebuild(directory)).isEqualTo(directory.resolve("report.html"));
        assertThat(contents()).isEqualTo(written);
    }

    @Test
    void rebuild_ofWhatIsNoStudysDirectory_saysThatItIsNone() throws IOException {
        assertThatThrownBy(() -> Report.rebuild(directory.resolve("nope")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(directory.resolve("nope")
                        + ": is no study's directory (there is no such directory); give the one that razor run writes "
                        + "to, once it has begun");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> Report.rebuild(file)).hasMessageContaining("no study's directory (it is a file)");
        assertThatThrownBy(() -> Report.rebuild(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("that has measured something: it has no study.json; give the one");
    }

    @Test
    void page_needsNothingFromElsewhere_andEscapesWhatItIsGiven() {
        List<Point> points = SyntheticPoints.study(1);
        ReportData data = new ReportData(study(), points, Fits.of(points));
        String page = Page.of(data, List.of(), "").replaceAll("(?s)<script>.*?</script>", "");
        assertThat(page)
                .contains("<h1>Parity &amp; &lt;b&gt;colours&lt;/b&gt;</h1>")
                .contains("output: &quot;runs/x&quot;")
                .contains("<code>./razor run examples/quickstart/study.yaml</code>")
                .contains("<td>arithmetic</td><td class=\"number\">90.1 ± 1.20</td>")
                .contains("forgot less than")
                .containsSubsequence("Meters by R²", "forward_kl", "total_variation", "reverse_kl", "Quadratic fits")
                .doesNotContain("<b>colours", "NaN");
    }

    @Test
    void page_inlinesTheFigures_withIdsThatDoNotClash() throws IOException {
        List<Point> points = SyntheticPoints.study(1);
        String page = Files.readString(Report.write(directory, new ReportData(study(), points, Fits.of(points))));
        assertThat(page.replaceAll("(?s)<script.*?</script>", "").split("<svg ", -1))
                .hasSize(4);
        List<String> ids = Pattern.compile("\\bid=['\"]([^'\"]*)['\"]")
                .matcher(page.replaceAll("(?s)<script>.*?</script>", ""))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(4);
    }

    @Test
    void rebuild_showsWhatTheLastStepDidToItsCompletions() throws IOException {
        List<Point> points = SyntheticPoints.study(1);
        PointsCsv.write(directory.resolve("points.csv"), points);
        StudyJson.write(directory.resolve("study.json"), study());
        Path run =
                directory.resolve("runs").resolve(Points.last(points).getFirst().run());
        Files.createDirectories(run);
        String line = """
                {"step": %d, "prompt": "<b>Q</b>", "reward": 1.0, "advantage": %s, "reward_failure": null, "tokens": ["4", "&", "\\n"], "logprob_shift": [0.1, -2.0, 0.0]}
                """;
        Files.writeString(
                run.resolve("completions.jsonl"),
                line.formatted(1, 0.25) + line.formatted(7, 0.75) + line.formatted(8, 0.0));
        assertThat(Report.rebuild(directory))
                .content()
                .contains(
                        "\"shown\":7,",
                        "\"prompt\":\"\\u003cb>Q\\u003c/b>\",\"reward\":\"1.00\",\"advantage\":\"0.750\"")
                .contains("\"tokens\":[\"4\",\"&\",\"\\n\"],\"shift\":[0.1,-2.0,0.0]")
                .doesNotContain("<b>Q");
    }

    @Test
    void write_reportsAStudyWithoutPoints() {
        ReportData nothing = new ReportData(study(), List.of(), Fits.of(List.of()));
        assertThat(Report.write(directory, nothing)).content().contains("No trained model has been measured yet.");
    }

    @Test
    void studyJson_readsBackEqual_andNamesWhatIsWrong() throws IOException {
        Path file = directory.resolve("study.json");
        StudyJson.write(file, study());
        assertThat(StudyJson.read(file)).isEqualTo(study());
        Files.writeString(file, "{\"title\": 3, \"command\": \"c\", \"base_scores\": {\"x\": {\"score\": \"a\"}}}");
        assertThatThrownBy(() -> StudyJson.read(file))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        file
                                                + ": base_scores.x.score must be a number or null, got \"a\"; run the study again",
                                        file
                                                + ": base_scores.x.stderr must be a number or null, got nothing; run the study again",
                                        file + ": provenance must be an object, got nothing; run the study again",
                                        file + ": title must be a text, got 3; run the study again",
                                        file + ": study_yaml must be a text, got nothing; run the study again"));
        Files.writeString(file, "{");
        assertThatThrownBy(() -> StudyJson.read(file)).isInstanceOf(DataException.class);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                contents.put(name, name.endsWith(".png") ? "" + Files.size(file) : Files.readString(file));
            }
        }
        return contents;
    }

    private static StudyRecord study() {
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        scores.put("arithmetic", new BaseScore(0.9012, 0.012));
        scores.put("colours", new BaseScore(0.8, Double.NaN));
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("razor", "0.1.0");
        provenance.put("base model sha256", "ab12 <not real>");
        return new StudyRecord(
                "Parity & <b>colours</b>",
                "./razor run examples/quickstart/study.yaml",
                scores,
                "output: \"runs/x\"\nseeds: [1]\n",
                provenance);
    }
}
