package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.SyntheticPoints;
import dev.razor.study.points.Point;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QuadraticBandTest {

    @Test
    void of_isTheCurveItselfWhereThePointsLieOnAParabola() {
        // forgetting = 0.1 x^2: every resample gives the same parabola
        List<Point> points = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> point(0.1 * i, 0.1 * 0.01 * i * i))
                .toList();
        List<QuadraticBand.At> band = QuadraticBand.of(points, "forward_kl", new double[] {0.2, 0.7, 1.1})
                .at();
        assertThat(band).hasSize(3);
        for (QuadraticBand.At at : band) {
            assertThat(at.low()).isCloseTo(0.1 * at.x() * at.x(), within(1e-9));
            assertThat(at.high()).isCloseTo(0.1 * at.x() * at.x(), within(1e-9));
        }
    }

    @Test
    void of_holdsTheFit_andIsWiderWhereThereAreFewerPoints() {
        List<Point> points = SyntheticPoints.study(1);
        QuadraticFit fit = QuadraticFit.of(
                points.stream()
                        .skip(1)
                        .mapToDouble(point -> point.meter("forward_kl"))
                        .toArray(),
                points.stream().skip(1).mapToDouble(Point::forgetting).toArray());
        List<QuadraticBand.At> band = QuadraticBand.of(points, "forward_kl", new double[] {0.1, 0.5, 2.5})
                .at();
        for (QuadraticBand.At at : band) {
            assertThat(fit.at(at.x())).isBetween(at.low(), at.high());
        }
        assertThat(band.get(2).high() - band.get(2).low())
                .isGreaterThan(2 * (band.get(0).high() - band.get(0).low()));
    }

    @Test
    void of_isEmptyWherePointsDetermineNoParabola() {
        assertThat(QuadraticBand.of(List.of(point(1, 1), point(2, 3)), "forward_kl", new double[] {1})
                        .at())
                .isEmpty();
        assertThat(QuadraticBand.of(List.of(), "forward_kl", new double[] {1}).at())
                .isEmpty();
    }

    private static Point point(double kl, double forgetting) {
        return new Point("r", "sft", 1, 0, 1e-3, 0.5, 0.5, forgetting, Map.of("forward_kl", kl), Map.of());
    }
}
