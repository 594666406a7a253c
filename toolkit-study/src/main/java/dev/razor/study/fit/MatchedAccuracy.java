package dev.razor.study.fit;

import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What each method forgot at a new-task accuracy that all of them reached.
///
/// ```
/// threshold = min over methods of (max over its points of new accuracy)
/// best      = for each method, the point of least forgetting among those with new accuracy >= threshold
/// ```
///
/// The threshold is the highest bar that lets every method in. Of two points that forgot equally little, the
/// one with the higher new accuracy is taken, then the earlier one. The base model is no method's point.
/// Points without new accuracy or forgetting do not take part.
///
/// The least of several noisy numbers is low by chance as well as by merit, the more so the more points a
/// method has above the bar; [Entry#candidates] says how many those were.
///
/// @param entries one a method that has a point, in the order of the points
public record MatchedAccuracy(double threshold, List<Entry> entries) {

    /// One method's best point.
    ///
    /// @param candidates how many of its points reached the threshold
    public record Entry(String method, Point best, int candidates) {}

    /// The comparison, or nothing if no method has a point.
    public static Optional<MatchedAccuracy> of(List<Point> points) {
        List<Point> measured = Points.trained(points).stream()
                .filter(point -> Double.isFinite(point.newAccuracy()) && Double.isFinite(point.forgetting()))
                .toList();
        List<String> methods = Points.methods(measured);
        if (methods.isEmpty()) {
            return Optional.empty();
        }
        double threshold = methods.stream()
                .mapToDouble(method -> highest(Points.of(method, measured)))
                .min()
                .orElseThrow();
        List<Entry> entries = methods.stream()
                .map(method -> entry(method, Points.of(method, measured), threshold))
                .toList();
        return Optional.of(new MatchedAccuracy(threshold, entries));
    }

    /// The entries from the least forgetting to the most.
    public List<Entry> ranked() {
        return entries.stream()
                .sorted(Comparator.comparingDouble(entry -> entry.best().forgetting()))
                .toList();
    }

    private static double highest(List<Point> points) {
        return points.stream().mapToDouble(Point::newAccuracy).max().orElseThrow();
    }

    private static Entry entry(String method, List<Point> points, double threshold) {
        List<Point> reached = points.stream()
                .filter(point -> point.newAccuracy() >= threshold)
                .toList();
        Comparator<Point> byForgetting = Comparator.comparingDouble(Point::forgetting);
        Point best = reached.stream()
                .min(byForgetting.thenComparing(
                        Comparator.comparingDouble(Point::newAccuracy).reversed()))
                .orElseThrow();
        return new Entry(method, best, reached.size());
    }
}
