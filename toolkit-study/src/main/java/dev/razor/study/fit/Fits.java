package dev.razor.study.fit;

import dev.razor.core.base.Check;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fits of forgetting on each meter, for all methods together (`all`) and for each alone.
///
/// The base model is no part of them: its distance from itself and its forgetting are zero by definition,
/// not by measurement, and would pull every curve through the origin. A point whose meter or forgetting is
/// not finite is left out of that meter's fits.
///
/// @param byMeter meter name, then `all` or method name
public record Fits(Map<String, Map<String, Fit>> byMeter) {

    /// The name of the fit over all methods.
    public static final String ALL = "all";

    // A fixed seed makes the fits a function of the points alone: drawn again, the numbers are the same.
    static final long SEED = 0;

    public Fits {
        Map<String, Map<String, Fit>> copy = new LinkedHashMap<>();
        byMeter.forEach((meter, fits) -> copy.put(meter, Collections.unmodifiableMap(new LinkedHashMap<>(fits))));
        byMeter = Collections.unmodifiableMap(copy);
    }

    /// The fits for every meter that `points` have.
    public static Fits of(List<Point> points) {
        List<String> methods = Points.methods(points);
        Check.that(!methods.contains(ALL), "a method cannot be called %s: fits.json uses the name", ALL);
        List<String> meters = Points.meters(points);
        Map<String, Map<String, Fit>> byMeter = new LinkedHashMap<>();
        meters.forEach(meter -> byMeter.put(meter, new LinkedHashMap<>()));
        put(byMeter, ALL, Points.trained(points));
        methods.forEach(method -> put(byMeter, method, Points.of(method, points)));
        return new Fits(byMeter);
    }

    /// Fits all meters of a group; those that were measured on equally many points share their resamples.
    private static void put(Map<String, Map<String, Fit>> byMeter, String group, List<Point> points) {
        Map<Integer, Map<String, Fit.Pairs>> bySize = new LinkedHashMap<>();
        for (String meter : byMeter.keySet()) {
            List<Point> measured = measured(points, meter);
            Fit.Pairs pairs = new Fit.Pairs(
                    measured.stream().mapToDouble(point -> point.meter(meter)).toArray(),
                    measured.stream().mapToDouble(Point::forgetting).toArray());
            bySize.computeIfAbsent(measured.size(), _ -> new LinkedHashMap<>()).put(meter, pairs);
        }
        bySize.values().forEach(pairs -> {
            Iterator<Fit> fits = Fit.of(List.copyOf(pairs.values()), SEED).iterator();
            pairs.keySet()
                    .forEach(meter -> byMeter.computeIfAbsent(meter, _ -> new LinkedHashMap<>())
                            .put(group, fits.next()));
        });
    }

    /// The fit of one meter for `all` or one method; null if nothing was measured.
    public @Nullable Fit get(String meter, String group) {
        return byMeter.getOrDefault(meter, Map.of()).get(group);
    }

    /// The trained points that have the meter and forgetting.
    static List<Point> measured(List<Point> points, String meter) {
        return Points.trained(points).stream()
                .filter(point -> Double.isFinite(point.meter(meter)) && Double.isFinite(point.forgetting()))
                .toList();
    }
}
