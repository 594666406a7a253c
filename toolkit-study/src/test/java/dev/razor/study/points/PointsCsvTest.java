package dev.razor.study.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PointsCsvTest {

    private static final String HEADER =
            "run,method,step,seed,learning_rate,new_accuracy,prior_accuracy,forgetting,forward_kl,colours\n";

    @TempDir
    private Path directory;

    @Test
    void write_givesTheColumnsOfTheContract() throws IOException {
        Path file = directory.resolve("points.csv");
        PointsCsv.write(
                file,
                List.of(
                        new Point("base", "base", 0, 0, Double.NaN, 0.5, 0.75, 0, Map.of(), Map.of("colours", 0.75)),
                        new Point(
                                "sft, \"hot\"",
                                "sft",
                                20,
                                7,
                                1e-3,
                                0.9,
                                0.5,
                                0.25,
                                Map.of("forward_kl", 0.1),
                                Map.of("colours", 0.5))));
        assertThat(Files.readString(file)).isEqualTo(HEADER + """
                        base,base,0,0,,0.5,0.75,0.0,,0.75
                        "sft, ""hot""\",sft,20,7,0.001,0.9,0.5,0.25,0.1,0.5
                        """);
        try (var files = Files.list(directory)) {
            assertThat(files).as("no temporary file remains").containsExactly(file);
        }
    }

    @Test
    void read_givesBackEqualDoubles_andTheOrderOfTheColumns() {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Double> meters = new TreeMap<>();
        for (String meter : MeterNames.ALL) {
            meters.put(meter, Double.longBitsToDouble(random.nextLong(1, Long.MAX_VALUE >> 2)));
        }
        meters.put("forward_kl_per_token", 0.1 + 0.2);
        Map<String, Double> benchmarks = new TreeMap<>(Map.of("a b", 1 / 3.0, "line\nbreak", 2 / 3.0));
        Point point = new Point("r\r\n,1", "gr\"po", 5, Long.MIN_VALUE + 1, 3e-5, 0.1, 0.2, -0.1, meters, benchmarks);
        Path file = directory.resolve("new/points.csv");
        PointsCsv.write(file, List.of(point));
        Point read = PointsCsv.read(file).getFirst();
        assertThat(read).isEqualTo(point);
        assertThat(read.meters().keySet()).containsExactlyElementsOf(meters.keySet());
    }

    @Test
    void read_leavesOutWhatWasNotMeasured() throws IOException {
        Path file = write(HEADER + "a,sft,1,0,0.1,0.5,,,,\r\n\r\nb,sft,2,0,0.1,0.5,0.5,0,1e-3,0.5\r\n");
        List<Point> points = PointsCsv.read(file);
        assertThat(points.getFirst().meters()).isEmpty();
        assertThat(points.getFirst().meter("forward_kl")).isNaN();
        assertThat(points.getFirst().forgetting()).isNaN();
        assertThat(points.getLast().meters()).containsExactly(Map.entry("forward_kl", 0.001));
        assertThat(points.getLast().benchmarks()).containsExactly(Map.entry("colours", 0.5));
    }

    @Test
    void read_reportsEveryProblemWithFileAndLine() throws IOException {
        Path file = write(HEADER + "a,sft,1,0,0.1,0.5,0.5,0,1,1\na,sft,one,0,fast,0.5,0.5,0,1,1\na,sft,1\n");
        assertThatThrownBy(() -> PointsCsv.read(file))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        file + ":3: step is not a whole number in range, got \"one\"; correct the cell",
                                        file + ":3: learning_rate is not a number, got \"fast\"; correct the cell",
                                        file + ":4: 3 cells, expected 10 as in the header; add or remove commas"));
    }

    @Test
    void read_namesAMissingColumn_anOpenQuote_andAMissingFile() throws IOException {
        Path noSeed = write(HEADER.replace("seed,", ""));
        assertThatThrownBy(() -> PointsCsv.read(noSeed)).hasMessageContaining(noSeed + ":1: column seed is missing");
        Path open = write(HEADER + "\"a,sft,1,0,0.1,0.5,0.5,0,1,1\n");
        assertThatThrownBy(() -> PointsCsv.read(open)).hasMessageContaining(open + ":2: a quote is opened");
        Path tail = write(HEADER + "\"a\"b,sft,1,0,0.1,0.5,0.5,0,1,1\n");
        assertThatThrownBy(() -> PointsCsv.read(tail)).hasMessageContaining(tail + ":2: text after a closing quote");
        Path absent = directory.resolve("absent.csv");
        assertThatThrownBy(() -> PointsCsv.read(absent))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("absent.csv");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "points", ".csv"), text);
    }
}
