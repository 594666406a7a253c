package dev.razor.study.figures;

import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// New-task accuracy over forward KL: how far each method moves for what it learns. Drawn twice, as
/// [ForgettingVsKl] is.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 3 and 4</a>
final class NewVsKl {

    private static final String TITLE = "New-task accuracy against forward KL";

    private NewVsKl() {}

    static Optional<Figure> draw(List<Point> points, boolean isLogarithmic) {
        List<String> methods = Points.methods(points);
        List<Plot.Layer> layers = new ArrayList<>();
        List<Plot.Key> keys = new ArrayList<>();
        for (String method : methods) {
            layers.add(new Plot.Markers(method, places(points, method, isLogarithmic)));
            keys.add(new Plot.Key(method, Points.label(method), Plot.Line.NONE));
        }
        if (layers.stream().allMatch(layer -> layer.places().isEmpty())) {
            return Optional.empty();
        }
        // the base model is at KL 0 by definition, whether or not somebody measured that
        List<Place> base = Places.of(points, Point::isBase, _ -> 0, point -> 100 * point.newAccuracy());
        if (!isLogarithmic && !base.isEmpty()) {
            layers.add(new Plot.Markers(Point.BASE, base));
            keys.add(new Plot.Key(Point.BASE, "base model", Plot.Line.NONE));
        }
        List<Place> shown =
                layers.stream().flatMap(layer -> layer.places().stream()).toList();
        Axis x = isLogarithmic
                ? Axis.logarithmic(Labels.FORWARD_KL + ", log scale", Places.xs(shown))
                : Axis.linear(Labels.FORWARD_KL, Places.xs(shown), 1e-6);
        Axis y = Axis.linear(Labels.NEW_ACCURACY, Places.ys(shown), 1);
        String caption = "Each marker is one checkpoint; up and to the left is better: more learned for less movement.";
        return Optional.of(new Figure(
                isLogarithmic ? "new_accuracy_vs_kl" + Figure.LOG : "new_accuracy_vs_kl",
                isLogarithmic ? TITLE + ", logarithmic" : TITLE,
                caption,
                new Plot(x, y, MethodStyle.of(methods), layers, keys)));
    }

    private static List<Place> places(List<Point> points, String method, boolean isLogarithmic) {
        return Places.of(
                points,
                point -> !point.isBase()
                        && point.method().equals(method)
                        && (!isLogarithmic || point.meter(MeterNames.FORWARD_KL) > 0),
                point -> point.meter(MeterNames.FORWARD_KL),
                point -> 100 * point.newAccuracy());
    }
}
