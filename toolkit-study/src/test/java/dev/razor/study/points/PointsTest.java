package dev.razor.study.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PointsTest {

    private static final Point BASE = point("base", "base", 0);
    private static final List<Point> POINTS = List.of(
            BASE, point("s1", "sft", 10), point("s1", "sft", 20), point("g1", "grpo", 30), point("g1", "grpo", 10));

    @Test
    void base_isMethodBaseAtStepZero() {
        assertThat(Points.base(POINTS)).contains(BASE);
        assertThat(Points.trained(POINTS)).hasSize(4);
        assertThat(point("x", "base", 1).isBase()).isFalse();
    }

    @Test
    void methods_keepTheOrderOfThePoints() {
        assertThat(Points.methods(POINTS)).containsExactly("sft", "grpo");
        assertThat(Points.of("grpo", POINTS)).hasSize(2);
    }

    @Test
    void last_isTheHighestStepOfEachRun() {
        assertThat(Points.last(POINTS)).extracting(Point::step).containsExactly(20, 30);
    }

    @Test
    void point_refusesNamesThatWouldSwapColumns() {
        assertThatThrownBy(() -> new Point("a", "sft", 1, 0, 1, 1, 1, 0, Map.of("wit", 1.0), Map.of()))
                .hasMessageContaining("got wit");
        assertThatThrownBy(() -> new Point("a", "sft", 1, 0, 1, 1, 1, 0, Map.of(), Map.of("l2", 1.0)))
                .hasMessageContaining("benchmark l2");
    }

    private static Point point(String run, String method, int step) {
        return new Point(run, method, step, 0, 1e-3, 0.5, 0.5, 0, Map.of(), Map.of());
    }
}
