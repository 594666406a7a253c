package dev.razor.study.figures;

import dev.razor.study.figures.ScatterChart.Place;
import dev.razor.study.fit.ExponentialFit;
import dev.razor.study.fit.MethodFront;
import dev.razor.study.fit.ParetoFront;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Prior accuracy over new-task accuracy, with each method's Pareto front.
///
/// A front is drawn as steps: at each new-task accuracy, the best prior accuracy among the method's points
/// that reach it. It starts from the base model, which is every method's model before its first step.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 2 and 3</a>
final class NewVsPrior {

    private static final int SAMPLES = 100;
    private static final String TITLE = "Prior against new-task accuracy";

    private NewVsPrior() {}

    static Optional<Figure> draw(List<Point> points) {
        List<Place> everything = places(points);
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        List<Point> base = Points.base(points).stream().toList();
        ScatterChart chart = new ScatterChart(
                TITLE,
                Axes.linear(
                        Labels.NEW_ACCURACY,
                        everything.stream().mapToDouble(Place::x).toArray(),
                        1),
                Axes.linear(
                        Labels.PRIOR_ACCURACY,
                        everything.stream().mapToDouble(Place::y).toArray(),
                        1));
        Map<String, MethodStyle> styles = MethodStyle.of(Points.methods(points));
        styles.forEach((method, style) -> {
            List<Point> own = Stream.concat(base.stream(), Points.of(method, points).stream())
                    .toList();
            chart.curve(steps(places(ParetoFront.of(own))), style.color(), ScatterChart.SOLID);
        });
        MethodFront.of(points)
                .forEach((method, front) -> front.curve()
                        .ifPresent(curve -> chart.curve(
                                exponential(curve),
                                Objects.requireNonNull(styles.get(method)).color(),
                                ScatterChart.DASHED)));
        styles.forEach((method, style) -> {
            chart.markers(places(Points.of(method, points)), style);
            chart.legend(Points.label(method) + " and its Pareto front", style, true);
        });
        if (!base.isEmpty()) {
            chart.markers(places(base), MethodStyle.BASE);
            chart.legend("base model", MethodStyle.BASE, false);
        }
        String caption = "Each marker is one checkpoint, up and to the right is better. The steps are each method's "
                + "Pareto front: the best prior accuracy it kept at a new-task accuracy or above. A dashed line, where the points determine one, is the "
                + "exponential fit of the points within two accuracy points of that front.";
        return Optional.of(new Figure("new_vs_prior", TITLE, caption, chart.build()));
    }

    private static List<Place> exponential(ExponentialFit curve) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i <= SAMPLES; i++) {
            double x = curve.low() + (curve.high() - curve.low()) * i / SAMPLES;
            places.add(new Place(100 * x, 100 * curve.at(x)));
        }
        return places;
    }

    /// From each place of a falling front down to the height of the next, then across to it.
    static List<Place> steps(List<Place> front) {
        List<Place> steps = new ArrayList<>();
        for (Place place : front) {
            if (!steps.isEmpty()) {
                steps.add(new Place(steps.getLast().x(), place.y()));
            }
            steps.add(place);
        }
        return steps;
    }

    private static List<Place> places(List<Point> points) {
        return points.stream()
                .map(point -> new Place(100 * point.newAccuracy(), 100 * point.priorAccuracy()))
                .filter(place -> Double.isFinite(place.x()) && Double.isFinite(place.y()))
                .toList();
    }
}
