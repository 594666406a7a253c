package dev.razor.study.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.study.SyntheticPoints;
import dev.razor.study.SyntheticStudy;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.MethodFront;
import dev.razor.study.points.Point;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class PlotsTest {

    private static final List<Point> POINTS = SyntheticPoints.study(1);

    @Test
    void markers_knowTheirPoints() {
        Plot plot = NewVsKl.draw(POINTS, false).orElseThrow().plot();
        for (Plot.Layer layer : plot.layers()) {
            for (Place place : layer.places()) {
                Point point = POINTS.get(place.point());
                assertThat(layer.group()).isEqualTo(point.method());
                assertThat(place.y()).isEqualTo(100 * point.newAccuracy());
            }
        }
        assertThat(plot.markers()).isEqualTo(POINTS.size());
    }

    /// A front of (50, 80) and (60, 70) with a band of 2: a point is kept exactly where the shade is.
    @Test
    void band_isWhereAFrontKeepsPoints() {
        List<Point> front = List.of(point(0.5, 0.8), point(0.6, 0.7));
        List<Place> steps = NewVsPrior.steps(List.of(new Place(50, 80), new Place(60, 70)));
        List<Place> outline =
                NewVsPrior.band(steps, List.of(new Place(45, 78.5), new Place(59, 65), new Place(50, 80)), 2);
        Path2D shade = new Path2D.Double();
        outline.forEach(place -> {
            if (shade.getCurrentPoint() == null) {
                shade.moveTo(place.x(), place.y());
            } else {
                shade.lineTo(place.x(), place.y());
            }
        });
        for (double x = 45.03; x < 60; x += 0.37) {
            for (double y = 65.01; y < 80; y += 0.41) {
                // below and to the left of the front, which is where points can be
                if (x < 50 ? y < 80 : y < 70) {
                    Point asked = point(x / 100, y / 100);
                    List<Point> all = List.of(front.get(0), front.get(1), asked);
                    boolean isKept = Objects.requireNonNull(MethodFront.of(all).get("sft"))
                            .kept()
                            .contains(asked);
                    assertThat(shade.contains(x, y)).as("%s, %s", x, y).isEqualTo(isKept);
                }
            }
        }
    }

    @Test
    void scatter_drawsTheLineOfLeastSquares_alsoOnALogarithmicAxis() {
        // y = log10 x exactly: r is 1
        var series = new ReportScatter.Series("sft", List.of(0.01, 0.1, -1.0, 10.0), List.of(-2.0, -1.0, 5.0, 1.0));
        var scatter = new ReportScatter("s", "t", "c", "x", "y", true, List.of(series), true);
        Figure figure = ScatterFigure.draw(scatter, List.of("grpo", "sft")).orElseThrow();
        assertThat(figure.plot().keys())
                .extracting(Plot.Key::label)
                .containsExactly("SFT", "line of least squares: r = 1.00");
        assertThat(figure.plot().layers().getFirst().places()).hasSize(3);
        assertThat(figure.plot().layers().getLast().places().getLast()).isEqualTo(new Place(10, 1));
        assertThat(figure.plot().styles().get("sft"))
                .isEqualTo(MethodStyle.of(List.of("grpo", "sft")).get("sft"));
        assertThat(figure.svg()).contains("line of least squares");
    }

    @Test
    void pictures_ofManyMethodsShowThemAllInTheLegend() {
        List<String> methods = List.of("a", "b", "c", "d", "e", "f", "g", "h");
        List<Point> points = SyntheticStudy.of(methods, 3, 3);
        for (Figure figure : Figures.of(points, Fits.of(points), List.of())) {
            for (String method : methods) {
                assertThat(figure.svg()).containsPattern(">" + method + "[:< ]");
            }
        }
    }

    private static Point point(double accuracy, double prior) {
        return new Point("r", "sft", 1, 0, 1e-3, accuracy, prior, 0, Map.of(), Map.of());
    }
}
