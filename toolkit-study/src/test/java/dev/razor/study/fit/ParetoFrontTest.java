package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.points.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ParetoFrontTest {

    private static final Point A = point(0.5, 0.9);
    private static final Point B = point(0.7, 0.8);
    private static final Point BELOW_B = point(0.7, 0.7);
    private static final Point C = point(0.9, 0.5);
    private static final Point INSIDE = point(0.6, 0.79);

    @Test
    void of_keepsWhatNothingBeats_byRisingNewAccuracy() {
        assertThat(ParetoFront.of(List.of(C, BELOW_B, INSIDE, A, B))).containsExactly(A, B, C);
    }

    @Test
    void of_keepsEqualPoints_andDropsUnmeasuredOnes() {
        assertThat(ParetoFront.of(List.of(A, A, point(Double.NaN, 1)))).containsExactly(A, A);
        assertThat(ParetoFront.of(List.of())).isEmpty();
    }

    /// INSIDE (0.6, 0.79) to B (0.7, 0.8): min(0.1, 0.01) = 0.01. BELOW_B: min(0, 0.1) = 0 to B, and to C
    /// min(0.2, -0.2) < 0: a point level with the front in one accuracy is at distance 0.
    @Test
    void distance_isTheShiftInBothAccuraciesThatReachesTheFront() {
        List<Point> all = List.of(A, B, C, INSIDE, BELOW_B);
        assertThat(ParetoFront.distance(INSIDE, all)).isCloseTo(0.01, within(1e-12));
        assertThat(ParetoFront.distance(BELOW_B, all)).isZero();
        assertThat(ParetoFront.distance(C, all)).isZero();
    }

    @Test
    void withinBand_keepsTheEdge_andTheFrontAlways() {
        Point edge = point(0.68, 0.78);
        Point outside = point(0.679, 0.779);
        assertThat(ParetoFront.withinBand(List.of(outside, edge, B, A), 0.02)).containsExactly(edge, B, A);
    }

    @Test
    void of_isAPropertyOfTheSet_notOfItsOrder() {
        Random random = new Random(2);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            points.add(point(random.nextInt(20) / 20.0, random.nextInt(20) / 20.0));
        }
        List<Point> front = ParetoFront.of(points);
        Collections.shuffle(points, random);
        assertThat(ParetoFront.of(points)).containsExactlyInAnyOrderElementsOf(front);
        assertThat(ParetoFront.withinBand(points, 0)).containsAll(front);
        for (int i = 1; i < front.size(); i++) {
            assertThat(front.get(i).priorAccuracy())
                    .isLessThanOrEqualTo(front.get(i - 1).priorAccuracy());
        }
    }

    private static Point point(double newAccuracy, double priorAccuracy) {
        return new Point("r", "sft", 1, 0, 1e-3, newAccuracy, priorAccuracy, 0, Map.of(), Map.of());
    }
}
