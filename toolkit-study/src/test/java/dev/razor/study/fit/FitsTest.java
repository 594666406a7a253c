package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.points.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FitsTest {

    @TempDir
    private Path directory;

    @Test
    void of_fitsEveryMeterForAllAndEachMethod_withoutTheBase() {
        Fits fits = Fits.of(points());
        assertThat(fits.byMeter().keySet()).containsExactly("forward_kl", "l2");
        assertThat(fits.byMeter().get("forward_kl")).containsOnlyKeys("all", "sft", "grpo");
        QuadraticFit sft = Objects.requireNonNull(fits.get("forward_kl", "sft")).quadratic();
        assertThat(sft.n()).isEqualTo(8);
        // sft obeys 0.01 + 0.02 x + 0.03 x^2; the base, at (0, 0), does not
        assertThat(sft.c0()).isCloseTo(0.01, within(1e-12));
        assertThat(sft.r2()).isCloseTo(1, within(1e-12));
        Fit all = Objects.requireNonNull(fits.get("forward_kl", "all"));
        assertThat(all.quadratic().n()).isEqualTo(11);
        assertThat(all.quadratic().r2())
                .isBetween(all.r2Interval().low(), all.r2Interval().high());
        assertThat(fits.get("forward_kl", "simpo")).isNull();
    }

    @Test
    void of_leavesOutPointsWithoutTheMeter() {
        Fit l2 = Objects.requireNonNull(Fits.of(points()).get("l2", "sft"));
        assertThat(l2.quadratic().n()).isEqualTo(1);
        assertThat(l2.quadratic().isDefined()).isFalse();
    }

    @Test
    void of_refusesAMethodCalledAll() {
        assertThatThrownBy(() -> Fits.of(List.of(point("all", 1, 1, Map.of())))).hasMessageContaining("called all");
    }

    @Test
    void write_givesTheFieldsOfTheContract_andNullForWhatIsUndefined() {
        Path file = directory.resolve("fits.json");
        FitsJson.write(file, Fits.of(points()), points());
        JsonNode root = JsonMapper.shared().readTree(file.toFile());
        JsonNode sft = root.path("forward_kl").path("sft");
        assertThat(sft.propertyNames()).containsExactly("r2", "r2_ci95", "coefficients", "n");
        assertThat(sft.path("r2_ci95").size()).isEqualTo(2);
        assertThat(sft.path("coefficients").get(2).asDouble()).isCloseTo(0.03, within(1e-12));
        JsonNode grpo = root.path("forward_kl").path("grpo");
        assertThat(grpo.path("r2_ci95").isNull())
                .as("three points have no interval")
                .isTrue();
        JsonNode undefined = root.path("l2").path("sft");
        assertThat(undefined.path("r2").isNull()).isTrue();
        assertThat(undefined.path("coefficients").isNull()).isTrue();
        assertThat(undefined.path("n").asInt()).isEqualTo(1);
        JsonNode pareto = root.path("pareto").path("grpo");
        assertThat(pareto.path("kept").asInt())
                .as("the base and three points in one place")
                .isEqualTo(4);
        assertThat(pareto.path("exponential").isNull()).isTrue();
        JsonNode matched = root.path("matched_accuracy");
        assertThat(matched.path("threshold").asDouble()).isEqualTo(0.5);
        assertThat(matched.path("methods").path("grpo").path("forgetting").asDouble())
                .isEqualTo(0.02);
    }

    private static List<Point> points() {
        List<Point> points = new ArrayList<>();
        points.add(point("base", 0, 0, Map.of("forward_kl", 0.0)));
        for (int i = 1; i <= 8; i++) {
            double x = 0.3 * i;
            points.add(point("sft", i, 0.01 + 0.02 * x + 0.03 * x * x, Map.of("forward_kl", x)));
        }
        points.add(point("sft", 9, 0.5, Map.of("l2", 1.0, "forward_kl", Double.POSITIVE_INFINITY)));
        points.add(point("sft", 10, Double.NaN, Map.of("forward_kl", 1.0)));
        for (int i = 1; i <= 3; i++) {
            points.add(point("grpo", i, 0.02 * i * i, Map.of("forward_kl", 0.1 * i)));
        }
        return points;
    }

    private static Point point(String method, int step, double forgetting, Map<String, Double> meters) {
        return new Point(method, method, step, 0, 1e-3, 0.5, 0.5, forgetting, meters, Map.of());
    }
}
