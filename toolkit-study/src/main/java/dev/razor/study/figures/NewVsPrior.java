package dev.razor.study.figures;

import dev.razor.study.fit.MethodFront;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// Prior accuracy over new-task accuracy, with each method's Pareto front, the band of two accuracy points behind
/// it, and the exponential fit of what lies in that band.
///
/// A front is drawn as steps: at each new-task accuracy, the best prior accuracy among the method's points that
/// reach it. It starts from the base model, which is every method's model before its first step.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 2 and 3</a>
final class NewVsPrior {

    private static final String TITLE = "Prior against new-task accuracy";

    private NewVsPrior() {}

    static Optional<Figure> draw(List<Point> points) {
        List<Place> everything = places(points, "");
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        List<String> methods = Points.methods(points);
        Map<String, MethodFront> fronts = MethodFront.of(points);
        List<Plot.Layer> layers = new ArrayList<>();
        List<Plot.Key> keys = new ArrayList<>();
        fronts.forEach((method, front) -> layers.add(new Plot.Area(
                method, band(steps(places(front.front(), "")), places(front.kept(), ""), 100 * MethodFront.BAND))));
        fronts.forEach((method, front) -> layers.add(new Plot.Curve(method, steps(places(front.front(), "")), false)));
        fronts.forEach((method, front) -> front.curve()
                .ifPresent(fit -> layers.add(new Plot.Curve(
                        method,
                        Places.curve(100 * fit.low(), 100 * fit.high(), false, x -> 100 * fit.at(x / 100)),
                        true))));
        for (String method : methods) {
            layers.add(new Plot.Markers(method, places(points, method)));
            keys.add(new Plot.Key(method, Points.label(method) + " and its Pareto front", Plot.Line.SOLID));
        }
        List<Place> base = Places.of(
                points, Point::isBase, point -> 100 * point.newAccuracy(), point -> 100 * point.priorAccuracy());
        if (!base.isEmpty()) {
            layers.add(new Plot.Markers(Point.BASE, base));
            keys.add(new Plot.Key(Point.BASE, "base model", Plot.Line.NONE));
        }
        String caption = "Each marker is one checkpoint, up and to the right is better. The steps are each method's "
                + "Pareto front: the best prior accuracy it kept at a new-task accuracy or above. In the shade lie the "
                + "points, the base model's too, that none of the method's beats by more than two accuracy points on both "
                + "axes at once; a dashed line, where the points determine one, is the exponential fit of these.";
        return Optional.of(new Figure(
                "new_vs_prior",
                TITLE,
                caption,
                new Plot(
                        Axis.linear(Labels.NEW_ACCURACY, Places.xs(everything), 1),
                        Axis.linear(Labels.PRIOR_ACCURACY, Places.ys(everything), 1),
                        MethodStyle.of(methods),
                        layers,
                        keys)));
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

    /// The region in which [ParetoFront#withinBand] keeps points: between the steps of a front and the same steps
    /// moved `width` down and to the left. It goes on to the left and downwards for ever; it is drawn as far
    /// as there are points in it.
    static List<Place> band(List<Place> steps, List<Place> kept, double width) {
        if (steps.isEmpty()) {
            return List.of();
        }
        Place first = steps.getFirst();
        Place last = steps.getLast();
        double left = Math.min(first.x() - width, Places.lowest(kept));
        double bottom = Math.min(
                last.y() - width, DoubleStream.of(Places.ys(kept)).min().orElseThrow());
        List<Place> outline = new ArrayList<>();
        outline.add(new Place(left, first.y()));
        outline.addAll(steps);
        outline.add(new Place(last.x(), bottom));
        outline.add(new Place(last.x() - width, bottom));
        steps.reversed().forEach(place -> outline.add(new Place(place.x() - width, place.y() - width)));
        outline.add(new Place(left, first.y() - width));
        return outline;
    }

    /// @param method of the points that are wanted; empty for all
    private static List<Place> places(List<Point> points, String method) {
        return Places.of(
                points,
                point -> method.isEmpty() || (!point.isBase() && point.method().equals(method)),
                point -> 100 * point.newAccuracy(),
                point -> 100 * point.priorAccuracy());
    }
}
