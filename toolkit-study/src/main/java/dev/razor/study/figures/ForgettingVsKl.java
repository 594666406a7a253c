package dev.razor.study.figures;

import dev.razor.study.figures.ScatterChart.Place;
import dev.razor.study.fit.Fit;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.QuadraticFit;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jfree.chart.axis.ValueAxis;
import org.jspecify.annotations.Nullable;

/// Forgetting over forward KL, with the parabolas that predict one from the other.
///
/// Drawn twice: with a linear KL axis as in the paper, and with a logarithmic one, in which methods that
/// moved by a tenth or a thousandth of the others can still be told apart.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 3 and 11</a>
final class ForgettingVsKl {

    private static final int SAMPLES = 160;
    private static final Color ALL_METHODS = new Color(0x555555);

    private ForgettingVsKl() {}

    static Optional<Figure> linear(List<Point> points, Fits fits) {
        return draw("forgetting_vs_kl", "Forgetting against forward KL", points, fits, Double::isFinite, false);
    }

    static Optional<Figure> logarithmic(List<Point> points, Fits fits) {
        return draw(
                "forgetting_vs_kl_log",
                "Forgetting against forward KL, logarithmic",
                points,
                fits,
                kl -> Double.isFinite(kl) && kl > 0,
                true);
    }

    private static Optional<Figure> draw(
            String name, String title, List<Point> points, Fits fits, DoublePredicate shown, boolean isLogarithmic) {
        Map<String, List<Place>> places = new LinkedHashMap<>();
        Map<String, List<Place>> curves = new LinkedHashMap<>();
        List<String> methods = Points.methods(points);
        for (String method : methods) {
            places.put(method, places(Points.of(method, points), shown));
        }
        List<Place> everything = places.values().stream().flatMap(List::stream).toList();
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        curves.put(Fits.ALL, curve(fits.get(MeterNames.FORWARD_KL, Fits.ALL), everything, isLogarithmic));
        for (String method : methods) {
            List<Place> own = places.getOrDefault(method, List.of());
            curves.put(method, curve(fits.get(MeterNames.FORWARD_KL, method), own, isLogarithmic));
        }

        ValueAxis x = isLogarithmic
                ? Axes.logarithmic(Labels.FORWARD_KL + ", log scale", xs(everything))
                : Axes.linear(Labels.FORWARD_KL, withZero(xs(everything)), 1e-6);
        double[] heights = Stream.concat(
                        everything.stream(), curves.values().stream().flatMap(List::stream))
                .mapToDouble(Place::y)
                .toArray();
        ScatterChart chart = new ScatterChart(title, x, Axes.linear(Labels.FORGETTING, withZero(heights), 1));
        if (methods.size() > 1) {
            chart.curve(curves.getOrDefault(Fits.ALL, List.of()), ALL_METHODS, ScatterChart.DASHED);
        }
        Map<String, MethodStyle> styles = MethodStyle.of(methods);
        styles.forEach((method, style) ->
                chart.curve(curves.getOrDefault(method, List.of()), style.color(), ScatterChart.SOLID));
        styles.forEach((method, style) -> {
            chart.markers(places.getOrDefault(method, List.of()), style);
            Fit fit = fits.get(MeterNames.FORWARD_KL, method);
            chart.legend(Points.label(method) + quality(fit), style, isDefined(fit));
        });
        if (methods.size() > 1) {
            Fit all = fits.get(MeterNames.FORWARD_KL, Fits.ALL);
            chart.legend("all methods" + quality(all), ALL_METHODS, ScatterChart.DASHED);
        }
        if (!isLogarithmic && Points.base(points).isPresent()) {
            chart.markers(List.of(new Place(0, 0)), MethodStyle.BASE);
            chart.legend("base model", MethodStyle.BASE, false);
        }
        String caption = "Each marker is one checkpoint; lines are quadratic fits. R² is in-sample, with its 95 % "
                + "bootstrap interval. The base model is not part of the fits."
                + (isLogarithmic ? " A checkpoint whose KL is zero or negative has no place on this axis." : "");
        return Optional.of(new Figure(name, title, caption, chart.build()));
    }

    private static List<Place> places(List<Point> points, DoublePredicate shown) {
        return points.stream()
                .map(point -> new Place(point.meter(MeterNames.FORWARD_KL), 100 * point.forgetting()))
                .filter(place -> shown.test(place.x()) && Double.isFinite(place.y()))
                .toList();
    }

    /// The fit from the smallest to the largest of the places it stands for, no further.
    private static List<Place> curve(@Nullable Fit fit, List<Place> places, boolean isLogarithmic) {
        if (fit == null || !isDefined(fit) || places.isEmpty()) {
            return List.of();
        }
        QuadraticFit quadratic = fit.quadratic();
        double low = DoubleStream.of(xs(places)).min().orElseThrow();
        double high = DoubleStream.of(xs(places)).max().orElseThrow();
        List<Place> curve = new ArrayList<>();
        for (int i = 0; i <= SAMPLES; i++) {
            double share = (double) i / SAMPLES;
            double x = isLogarithmic ? low * Math.pow(high / low, share) : low + (high - low) * share;
            curve.add(new Place(x, 100 * quadratic.at(x)));
        }
        return curve;
    }

    private static boolean isDefined(@Nullable Fit fit) {
        return fit != null && fit.quadratic().isDefined();
    }

    private static String quality(@Nullable Fit fit) {
        if (fit == null || !fit.quadratic().isDefined()) {
            return ": too few points to fit";
        }
        if (Double.isNaN(fit.quadratic().r2())) {
            return ": R² not defined";
        }
        String r2 = String.format(Locale.ROOT, ": R² = %.2f", fit.quadratic().r2());
        return fit.r2Interval().isDefined()
                ? r2
                        + String.format(
                                Locale.ROOT,
                                " [%.2f, %.2f]",
                                fit.r2Interval().low(),
                                fit.r2Interval().high())
                : r2;
    }

    private static double[] xs(List<Place> places) {
        return places.stream().mapToDouble(Place::x).toArray();
    }

    private static double[] withZero(double[] values) {
        return IntStream.rangeClosed(0, values.length)
                .mapToDouble(i -> i == 0 ? 0 : values[i - 1])
                .toArray();
    }
}
