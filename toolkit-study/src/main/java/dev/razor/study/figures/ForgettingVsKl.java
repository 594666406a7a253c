package dev.razor.study.figures;

import dev.razor.study.fit.Fit;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.QuadraticBand;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/// Forgetting over forward KL, with the parabolas that predict one from the other, and the 95 % bootstrap band of
/// that of all methods.
///
/// Drawn twice: with a linear KL axis as in the paper, and with a logarithmic one, in which methods that moved by
/// a tenth or a thousandth of the others can still be told apart.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figures 3 and 11</a>
final class ForgettingVsKl {

    private static final int BAND_SAMPLES = 40;
    private static final String TITLE = "Forgetting against forward KL";

    private ForgettingVsKl() {}

    static Optional<Figure> draw(List<Point> points, Fits fits, boolean isLogarithmic) {
        List<String> methods = Points.methods(points);
        Map<String, List<Place>> places = new LinkedHashMap<>();
        methods.forEach(method -> places.put(method, places(points, method, isLogarithmic)));
        List<Place> everything = places.values().stream().flatMap(List::stream).toList();
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        List<Plot.Layer> layers = new ArrayList<>();
        List<Plot.Key> keys = new ArrayList<>();
        Fit all = fits.get(MeterNames.FORWARD_KL, Fits.ALL);
        layers.add(new Plot.Area(Fits.ALL, band(points, everything, isLogarithmic)));
        layers.add(new Plot.Curve(Fits.ALL, curve(all, everything, isLogarithmic), true));
        if (methods.size() > 1) {
            places.forEach((method, own) -> {
                Fit fit = fits.get(MeterNames.FORWARD_KL, method);
                layers.add(new Plot.Curve(method, curve(fit, own, isLogarithmic), false));
            });
        }
        places.forEach((method, own) -> {
            Fit fit = fits.get(MeterNames.FORWARD_KL, method);
            boolean hasCurve = methods.size() > 1 && isDefined(fit);
            layers.add(new Plot.Markers(method, own));
            keys.add(new Plot.Key(
                    method,
                    Points.label(method) + (methods.size() > 1 ? quality(fit) : ""),
                    hasCurve ? Plot.Line.SOLID : Plot.Line.NONE));
        });
        keys.add(new Plot.Key(Fits.ALL, (methods.size() > 1 ? "all methods" : "fit") + quality(all), Plot.Line.DASHED));
        if (!isLogarithmic && Points.base(points).isPresent()) {
            layers.add(new Plot.Markers(
                    Point.BASE,
                    List.of(new Place(0, 0, points.indexOf(Points.base(points).get())))));
            keys.add(new Plot.Key(Point.BASE, "base model", Plot.Line.NONE));
        }
        double[] heights = layers.stream()
                .filter(layer -> !(layer instanceof Plot.Area))
                .flatMapToDouble(layer -> DoubleStream.of(Places.ys(layer.places())))
                .toArray();
        Axis x = isLogarithmic
                ? Axis.logarithmic(Labels.FORWARD_KL + ", log scale", Places.xs(everything))
                : Axis.linear(Labels.FORWARD_KL, withZero(Places.xs(everything)), 1e-6);
        Axis y = Axis.linear(Labels.FORGETTING, withZero(heights), 1);
        String caption = "Each marker is one checkpoint; lines are quadratic fits. R² is in-sample, with its 95 % "
                + "bootstrap interval; the grey band is the 95 % bootstrap interval of the fit over all methods. The "
                + "base model is not part of the fits."
                + (isLogarithmic ? " A checkpoint whose KL is zero or negative has no place on this axis." : "");
        return Optional.of(new Figure(
                isLogarithmic ? "forgetting_vs_kl" + Figure.LOG : "forgetting_vs_kl",
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
                point -> 100 * point.forgetting());
    }

    /// The fit from the smallest to the largest of the places it stands for, no further.
    private static List<Place> curve(@Nullable Fit fit, List<Place> places, boolean isLogarithmic) {
        if (fit == null || !isDefined(fit) || places.isEmpty()) {
            return List.of();
        }
        return Places.curve(
                Places.lowest(places),
                Places.highest(places),
                isLogarithmic,
                x -> 100 * fit.quadratic().at(x));
    }

    /// Once along the upper ends of the intervals and back along the lower.
    private static List<Place> band(List<Point> points, List<Place> places, boolean isLogarithmic) {
        double[] grid = Places.grid(Places.lowest(places), Places.highest(places), isLogarithmic, BAND_SAMPLES);
        List<QuadraticBand.At> band =
                QuadraticBand.of(points, MeterNames.FORWARD_KL, grid).at();
        List<Place> outline = new ArrayList<>();
        band.forEach(at -> outline.add(new Place(at.x(), 100 * at.high())));
        band.reversed().forEach(at -> outline.add(new Place(at.x(), 100 * at.low())));
        return outline;
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

    private static double[] withZero(double[] values) {
        return DoubleStream.concat(DoubleStream.of(0), DoubleStream.of(values)).toArray();
    }
}
