package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.eval.kl.KlMap;
import dev.razor.study.SyntheticPoints;
import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KlMapJsonTest {

    @TempDir
    private Path directory;

    private static final KlMap MAP = new KlMap(List.of(new KlMap.Text(
            "prompt 1",
            List.of(
                    new KlMap.Token(5, "<b>", null),
                    new KlMap.Token(
                            7,
                            " 4",
                            new KlMap.Reading(
                                    0.5,
                                    -1.0,
                                    -0.25,
                                    List.of(new KlMap.Guess(" 5", 0.5)),
                                    List.of(new KlMap.Guess(" 4", 0.75))))))));

    @Test
    void map_readsBackEqual_andWhatIsNoneIsPassedOver() throws IOException {
        Path file = directory.resolve(KlMapJson.FILE);
        KlMapJson.write(file, MAP);
        assertThat(KlMapJson.read(file)).isEqualTo(MAP);
        Files.writeString(file, "{\"texts\": [");
        assertThat(KlMapJson.read(file)).isNull();
        assertThat(KlMapJson.read(directory.resolve("absent"))).isNull();
    }

    @Test
    void page_showsTheMapsOfRuns() {
        List<Point> points = SyntheticPoints.study(1);
        KlMapJson.write(directory.resolve("runs/sft-2").resolve(KlMapJson.FILE), MAP);
        StudyRecord study = new StudyRecord("t", "c", Map.of(), "", Map.of());
        ReportData data = new ReportData(directory, study, points, Fits.of(points), Map.of(), BenchmarkErrors.NONE);
        assertThat(KlMaps.html(data))
                .contains("<h3>sft-2</h3>", "&lt;b&gt;", "KL 0.5")
                .doesNotContain("<b></b>");
    }

    @Test
    void texts_areTheFirstSamplesOfDifferentPrompts() throws IOException {
        List<KlSequence> sequences = List.of(
                new KlSequence(0, new int[] {1, 2}, new int[] {3}, false),
                new KlSequence(0, new int[] {1, 2}, new int[] {4}, false),
                new KlSequence(1, new int[] {5}, new int[] {6, 7}, false),
                new KlSequence(2, new int[] {8}, new int[] {9}, false));
        var plan = new SamplingPlan(List.of(new int[] {1, 2}), 1, 4, new int[0], 0, 1);
        Path file = directory.resolve("texts.jsonl");
        KlMapJson.writeTexts(file, new BaseSamples(plan, sequences), 2);
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"id\":\"prompt 1\",\"prompt_ids\":[1,2],\"completion_ids\":[3]}",
                        "{\"id\":\"prompt 2\",\"prompt_ids\":[5],\"completion_ids\":[6,7]}");
    }
}
