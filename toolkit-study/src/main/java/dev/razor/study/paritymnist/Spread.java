package dev.razor.study.paritymnist;

import dev.razor.core.stats.MeanAndDeviation;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Numbers for tables: one alone as it is, several as mean and standard deviation.
final class Spread {

    private Spread() {}

    /// A number of each seed's trained models.
    static String ofSeeds(List<Point> points, ToDoubleFunction<List<Point>> number) {
        return of(Points.bySeed(Points.trained(points)).values().stream()
                .mapToDouble(number)
                .toArray());
    }

    /// A number of each point.
    static String of(Collection<Point> points, ToDoubleFunction<Point> number) {
        return of(points.stream().mapToDouble(number).toArray());
    }

    /// `0.957`, or `0.957 ± 0.010` where there are several.
    static String of(double[] values) {
        MeanAndDeviation all = MeanAndDeviation.of(values);
        return values.length < 2
                ? number(all.mean())
                : "%s ± %s".formatted(number(all.mean()), number(all.deviation()));
    }

    /// To three digits behind the point; empty where it is not finite.
    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "";
    }
}
