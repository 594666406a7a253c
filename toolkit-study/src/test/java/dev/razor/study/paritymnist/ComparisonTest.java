package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.config.ConfigLoader;
import dev.razor.study.points.Point;
import dev.razor.study.report.ReportTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static final ParityConfig STUDY = ConfigLoader.parse("""
                    experiment: paritymnist
                    output: out
                    methods:
                      - {name: mine, kind: sft1}
                    """, "test", List.of(), ParityConfig.class);

    @Test
    void predictors_areTheFitsOfEachSeed_withTheirSpread() {
        List<Point> points = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            points.add(point("base-" + seed, "base", 0, seed, 0.5, 0, 0));
            for (int run = 0; run < 6; run++) {
                double kl = 0.1 * (run + 1);
                // Forgetting is a parabola of the KL for seed 1, a constant and noise that none explains for seed 2.
                double forgetting = seed == 1 ? kl - 0.5 * kl * kl : run % 2 == 0 ? 0.1 : 0.3;
                points.add(point("run-" + run + "-" + seed, "mine", 10, seed, 0.6 + 0.01 * run, kl, forgetting));
            }
        }
        ReportTable predictors = Comparison.tables(STUDY, points).getFirst();

        List<String> row = predictors.rows().getFirst();
        assertThat(row.subList(0, 3)).containsExactly("KL, forward", "0.96 ± 0.01", "0.94");
        // 1 and 3/35: of (-1, 1, -1, 1, -1, 1), a straight line explains 3/35, a parabola no more; sd 32/35/sqrt 2
        assertThat(row.get(3)).isEqualTo("0.543 ± 0.646");
        assertThat(row.get(6)).isEmpty();
    }

    @Test
    void ends_areTheModelsOfHighestParityAccuracy() {
        List<Point> points = List.of(
                point("base", "base", 0, 1, 0.5, 0, 0),
                point("a", "mine", 5, 1, 0.9, 0.2, 0.3),
                point("a", "mine", 10, 1, 0.8, 0.4, 0.1),
                point("b", "mine", 5, 1, 0.9, 0.1, 0.2));

        List<List<String>> rows = Comparison.tables(STUDY, points).get(1).rows();

        assertThat(rows.getFirst()).containsExactly("start", "0.88", "0.685", "0", "0.500", "0.800", "0", "0.800");
        assertThat(rows.get(1)).containsExactly("mine", "0.986", "0.18", "10", "0.900", "0.600", "0.100", "0.600");
    }

    @Test
    void ends_withSeveralSeeds_haveABarEach() {
        List<Point> points = List.of(
                point("base-1", "base", 0, 1, 0.5, 0, 0),
                point("a-1", "mine", 5, 1, 0.9, 0.2, 0.2),
                point("b-1", "other", 5, 1, 0.95, 0.2, 0.3),
                point("base-2", "base", 0, 2, 0.5, 0, 0),
                point("a-2", "mine", 5, 2, 0.7, 0.2, 0.1),
                point("a-2", "mine", 10, 2, 0.8, 0.2, 0.4),
                point("b-2", "other", 5, 2, 0.7, 0.2, 0.3));

        ReportTable ends = Comparison.tables(STUDY, points).get(1);

        assertThat(ends.caption()).endsWith("that every method reaches, seed by seed: 0.900 (seed 1), 0.700 (seed 2).");
        assertThat(ends.rows().get(1).getLast()).isEqualTo("0.650 ± 0.071"); // 0.6 at 0.9 and 0.7 at 0.7
    }

    @Test
    void tables_ofNothingTrained_areNone() {
        assertThat(Comparison.tables(STUDY, List.of(point("base", "base", 0, 1, 0.5, 0, 0))))
                .isEmpty();
    }

    private static Point point(
            String run, String method, int step, long seed, double accuracy, double kl, double forgetting) {
        return new Point(
                run,
                method,
                step,
                seed,
                0.1,
                accuracy,
                0.8 - forgetting,
                forgetting,
                Map.of("forward_kl", kl, "weight_sparsity", 0.0, "weight_rank", 1.0),
                Map.of());
    }
}
