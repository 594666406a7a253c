package dev.razor.study.points;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;

/// Questions that everything drawn or fitted asks of a study's points. Orders are those of the points.
public final class Points {

    private Points() {}

    /// The base model's point, the first if there are several; none if it was not measured.
    public static Optional<Point> base(List<Point> points) {
        return points.stream().filter(Point::isBase).findFirst();
    }

    /// Every point but the base model's.
    public static List<Point> trained(List<Point> points) {
        return points.stream().filter(point -> !point.isBase()).toList();
    }

    /// The methods that trained something.
    public static List<String> methods(List<Point> points) {
        return trained(points).stream().map(Point::method).distinct().toList();
    }

    /// The points of one method.
    public static List<Point> of(String method, List<Point> points) {
        return trained(points).stream()
                .filter(point -> point.method().equals(method))
                .toList();
    }

    /// The base models' points: one, or one a seed where each seed has a base of its own.
    public static List<Point> bases(List<Point> points) {
        return points.stream().filter(Point::isBase).toList();
    }

    /// The base model that a point's run began with.
    public static Optional<Point> base(Point of, List<Point> points) {
        List<Point> bases = bases(points);
        return bases.stream()
                .filter(base -> bases.size() == 1 || base.seed() == of.seed())
                .findFirst();
    }

    /// The points of each seed.
    public static SequencedMap<Long, List<Point>> bySeed(List<Point> points) {
        SequencedMap<Long, List<Point>> bySeed = new LinkedHashMap<>();
        points.forEach(point ->
                bySeed.computeIfAbsent(point.seed(), _ -> new ArrayList<>()).add(point));
        return bySeed;
    }

    /// The last checkpoint of each run.
    public static List<Point> last(List<Point> points) {
        Map<String, Point> last = new LinkedHashMap<>();
        for (Point point : trained(points)) {
            last.merge(point.run(), point, (a, b) -> a.step() >= b.step() ? a : b);
        }
        return List.copyOf(last.values());
    }

    /// The names of all meters that some point has.
    public static List<String> meters(List<Point> points) {
        return names(points, point -> point.meters().keySet());
    }

    /// The names of all benchmarks that some point has.
    public static List<String> benchmarks(List<Point> points) {
        return names(points, point -> point.benchmarks().keySet());
    }

    /// How a method is written for a reader: `sft` is SFT.
    public static String label(String method) {
        return switch (method) {
            case "sft" -> "SFT";
            case "grpo" -> "GRPO";
            case "simpo" -> "SimPO";
            case "reinforce" -> "1-0 REINFORCE";
            default -> method;
        };
    }

    private static List<String> names(List<Point> points, Function<Point, Collection<String>> keys) {
        SequencedSet<String> names = new LinkedHashSet<>();
        points.forEach(point -> names.addAll(keys.apply(point)));
        return List.copyOf(names);
    }
}
