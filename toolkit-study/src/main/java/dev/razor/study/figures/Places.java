package dev.razor.study.figures;

import dev.razor.study.points.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// Places in plots, from points and from curves.
final class Places {

    private static final int SAMPLES = 120;

    private Places() {}

    /// The places of those points that are wanted and have both numbers.
    ///
    /// @param points all of the study's, for a place knows its point by the index
    static List<Place> of(
            List<Point> points, Predicate<Point> wanted, ToDoubleFunction<Point> x, ToDoubleFunction<Point> y) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            Place place = new Place(x.applyAsDouble(point), y.applyAsDouble(point), i);
            if (wanted.test(point) && Double.isFinite(place.x()) && Double.isFinite(place.y())) {
                places.add(place);
            }
        }
        return places;
    }

    /// The curve `y(x)` from `low` to `high`.
    static List<Place> curve(double low, double high, boolean isLogarithmic, DoubleUnaryOperator y) {
        return DoubleStream.of(grid(low, high, isLogarithmic, SAMPLES))
                .mapToObj(x -> new Place(x, y.applyAsDouble(x)))
                .toList();
    }

    /// Where a curve from `low` to `high` is sampled, so that it looks smooth on its axis.
    static double[] grid(double low, double high, boolean isLogarithmic, int samples) {
        double[] grid = new double[samples + 1];
        for (int i = 0; i <= samples; i++) {
            double share = (double) i / samples;
            grid[i] = isLogarithmic ? low * Math.pow(high / low, share) : low + (high - low) * share;
        }
        return grid;
    }

    static double[] xs(List<Place> places) {
        return places.stream().mapToDouble(Place::x).toArray();
    }

    static double[] ys(List<Place> places) {
        return places.stream().mapToDouble(Place::y).toArray();
    }

    static double lowest(List<Place> places) {
        return DoubleStream.of(xs(places)).min().orElseThrow();
    }

    static double highest(List<Place> places) {
        return DoubleStream.of(xs(places)).max().orElseThrow();
    }
}
