package dev.razor.study.figures;

import dev.razor.study.fit.Fits;
import dev.razor.study.fit.LineFit;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A [ReportScatter], drawn as the other figures are.
final class ScatterFigure {

    private ScatterFigure() {}

    /// The straight line of a scatter's trend, in `log10 x` where its axis is logarithmic.
    static LineFit trend(ReportScatter scatter) {
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
        List<Plot.Layer> layers = new ArrayList<>();
        List<Plot.Key> keys = new ArrayList<>();
        for (ReportScatter.Series one : scatter.series()) {
            layers.add(new Plot.Markers(one.name(), places(one, scatter.logX())));
            keys.add(new Plot.Key(one.name(), Points.label(one.name()), Plot.Line.NONE));
        }
        List<Place> everything =
                layers.stream().flatMap(layer -> layer.places().stream()).toList();
        if (everything.isEmpty()) {
            return Optional.empty();
        }
        LineFit line = trend(scatter);
        if (scatter.trend() && line.isDefined()) {
            List<Place> curve = Places.curve(
                    Places.lowest(everything),
                    Places.highest(everything),
                    scatter.logX(),
                    x -> line.at(scatter.logX() ? Math.log10(x) : x));
            layers.add(new Plot.Curve(Fits.ALL, curve, true));
            String label = String.format(Locale.ROOT, "line of least squares: r = %.2f", line.r());
            keys.add(new Plot.Key(Fits.ALL, label, Plot.Line.DASHED));
        }
        Axis x = scatter.logX()
                ? Axis.logarithmic(scatter.xLabel(), Places.xs(everything))
                : Axis.linear(scatter.xLabel(), Places.xs(everything), 1e-9);
        Axis y = Axis.linear(scatter.yLabel(), Places.ys(everything), 1e-9);
        return Optional.of(new Figure(
                scatter.name(),
                scatter.title(),
                scatter.caption(),
                new Plot(x, y, MethodStyle.of(names(scatter, methods)), layers, keys)));
    }

    /// The study's methods first, so that each keeps the colour it has in the other figures.
    private static List<String> names(ReportScatter scatter, List<String> methods) {
        List<String> names = new ArrayList<>(methods);
        scatter.series().stream()
                .map(ReportScatter.Series::name)
                .filter(name -> !methods.contains(name))
                .forEach(names::add);
        return names;
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
