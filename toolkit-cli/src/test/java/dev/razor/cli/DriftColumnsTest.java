package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The columns of a study that say how much of a model has changed, and how alike it still sees texts.
final class DriftColumnsTest {

    private static final Offset<Double> ROUNDING = Offset.offset(1e-6);

    @TempDir
    private Path directory;

    @Test
    void sparsityRankAndAlignment_tellWhatMovedFromWhatDidNot() throws IOException {
        Path study = SmallStudy.write(directory, Golden.model());
        CommandRun run = CommandRun.of(
                "run",
                study,
                "--set",
                "meters.rank=true",
                "--set",
                "meters.representations=kl.jsonl",
                "--set",
                "meters.neighbours=1");
        assertThat(run.exit()).as(run.err()).isZero();
        List<Point> points = PointsCsv.read(directory.resolve("out/points.csv"));
        // the base, and GRPO, which got no reward and made no step
        List<Point> unmoved = new ArrayList<>(Points.of("grpo", points));
        unmoved.add(points.getFirst());
        assertThat(unmoved).hasSize(3).allSatisfy(point -> {
            assertThat(point.meter("weight_sparsity")).isEqualTo(1);
            assertThat(point.meter("weight_sparsity_bfloat16")).isEqualTo(1);
            assertThat(point.meter("weight_rank")).isZero();
            assertThat(point.meter("cka")).isCloseTo(1, ROUNDING);
            assertThat(point.meter("cknna")).isCloseTo(1, ROUNDING);
        });
        assertThat(Points.of("sft", points)).hasSize(4).allSatisfy(point -> {
            assertThat(point.meter("weight_sparsity")).isBetween(0.0, 0.999);
            assertThat(point.meter("weight_sparsity_bfloat16")).isGreaterThanOrEqualTo(point.meter("weight_sparsity"));
            assertThat(point.meter("weight_rank")).isBetween(1e-3, 1.0);
        });
    }

    @Test
    void tooFewTexts_areSaidBeforeAnythingIsComputed() throws IOException {
        Path study = SmallStudy.write(directory, Golden.model());
        CommandRun run = CommandRun.of("run", study, "--set", "meters.representations=kl.jsonl");
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.err()).contains("kl.jsonl: holds 2 texts and meters.neighbours is 10; give at least 11 texts");
        assertThat(directory.resolve("out/points.csv")).doesNotExist();
    }
}
