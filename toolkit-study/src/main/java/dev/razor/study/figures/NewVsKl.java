package dev.razor.study.figures;

import dev.razor.study.figures.ScatterChart.Place;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// New-task accuracy over forward KL: how far each method moves for what it learns.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 3 and 4</a>
final class NewVsKl {

    private static final String TITLE = "New-task accuracy against forward KL";

    private NewVsKl() {}

    static Optional<Figure> draw(List<Point> points) {
        List<Place> everything = places(Points.trained(points));
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        // the base model is at KL 0 by definition, whether or not somebody measured that
        List<Place> base = Points.base(points).stream()
                .map(point -> new Place(0, 100 * point.newAccuracy()))
                .filter(place -> Double.isFinite(place.y()))
                .toList();
        List<Place> shown = Stream.concat(base.stream(), everything.stream()).toList();
        ScatterChart chart = new ScatterChart(
                TITLE,
                Axes.linear(
                        Labels.FORWARD_KL, shown.stream().mapToDouble(Place::x).toArray(), 1e-6),
                Axes.linear(
                        Labels.NEW_ACCURACY,
                        shown.stream().mapToDouble(Place::y).toArray(),
                        1));
        Map<String, MethodStyle> styles = MethodStyle.of(Points.methods(points));
        styles.forEach((method, style) -> {
            chart.markers(places(Points.of(method, points)), style);
            chart.legend(Points.label(method), style, false);
        });
        if (!base.isEmpty()) {
            chart.markers(base, MethodStyle.BASE);
            chart.legend("base model", MethodStyle.BASE, false);
        }
        String caption = "Each marker is one checkpoint; up and to the left is better: more learned for less movement.";
        return Optional.of(new Figure("new_accuracy_vs_kl", TITLE, caption, chart.build()));
    }

    private static List<Place> places(List<Point> points) {
        return points.stream()
                .map(point -> new Place(point.meter(MeterNames.FORWARD_KL), 100 * point.newAccuracy()))
                .filter(place -> Double.isFinite(place.x()) && Double.isFinite(place.y()))
                .toList();
    }
}
