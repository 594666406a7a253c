package dev.razor.study.figures;

import dev.razor.study.figures.ScatterChart.Place;
import dev.razor.study.fit.LineFit;
import dev.razor.study.points.Points;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jfree.chart.axis.ValueAxis;

/// A [ReportScatter], drawn as the other figures are.
public final class ScatterFigure {

    private static final Color TREND = new Color(0x555555);

    private ScatterFigure() {}

    /// The straight line of a scatter's trend, in `log10 x` where its axis is logarithmic.
    public static LineFit trend(ReportScatter scatter) {
        List<Place> places = scatter.series().stream()
                .flatMap(one -> places(one, scatter.logX()).stream())
                .toList();
        return LineFit.of(
                places.stream()
                        .mapToDouble(place -> scatter.logX() ? Math.log10(place.x()) : place.x())
                        .toArray(),
                places.stream().mapToDouble(Place::y).toArray());
    }

    static Optional<Figure> draw(ReportScatter scatter, List<String> methods) {
        List<Place> everything = scatter.series().stream()
                .flatMap(one -> places(one, scatter.logX()).stream())
                .toList();
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        double[] xs = everything.stream().mapToDouble(Place::x).toArray();
        double[] ys = everything.stream().mapToDouble(Place::y).toArray();
        ValueAxis x = scatter.logX() ? Axes.logarithmic(scatter.xLabel(), xs) : Axes.linear(scatter.xLabel(), xs, 1e-9);
        ScatterChart chart = new ScatterChart(scatter.title(), x, Axes.linear(scatter.yLabel(), ys, 1e-9));
        Map<String, MethodStyle> styles = MethodStyle.of(names(scatter, methods));
        for (ReportScatter.Series one : scatter.series()) {
            MethodStyle style = styles.getOrDefault(one.name(), MethodStyle.BASE);
            chart.markers(places(one, scatter.logX()), style);
            chart.legend(Points.label(one.name()), style, false);
        }
        LineFit line = trend(scatter);
        if (scatter.trend() && line.isDefined()) {
            chart.curve(ends(line, scatter.logX(), xs), TREND, ScatterChart.DASHED);
            chart.legend(String.format(Locale.ROOT, "line of least squares: r = %.2f", line.r()), TREND, ScatterChart.DASHED);
        }
        return Optional.of(new Figure(scatter.name(), scatter.title(), scatter.caption(), chart.build()));
    }

    /// The study's methods first, so that each keeps the colour it has in the other figures.
    public static List<String> names(ReportScatter scatter, List<String> methods) {
        List<String> names = new ArrayList<>(methods);
        scatter.series().stream()
                .map(ReportScatter.Series::name)
                .filter(name -> !methods.contains(name))
                .forEach(names::add);
        return names;
    }

    private static List<Place> ends(LineFit line, boolean logX, double[] xs) {
        double low = Arrays.stream(xs).min().orElseThrow();
        double high = Arrays.stream(xs).max().orElseThrow();
        return Stream.of(low, high)
                .map(x -> new Place(x, line.at(logX ? Math.log10(x) : x)))
                .toList();
    }

    private static List<Place> places(ReportScatter.Series series, boolean logX) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < series.xs().size(); i++) {
            double x = series.xs().get(i);
            double y = series.ys().get(i);
            if (Double.isFinite(x) && Double.isFinite(y) && (!logX || x > 0)) {
                places.add(new Place(x, y));
            }
        }
        return places;
    }
}
