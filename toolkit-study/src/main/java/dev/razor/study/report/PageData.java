package dev.razor.study.report;

import dev.razor.study.figures.Axis;
import dev.razor.study.figures.Figure;
import dev.razor.study.figures.MethodStyle;
import dev.razor.study.figures.Place;
import dev.razor.study.figures.Plot;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the page's script draws from, as compact JSON.
///
/// - points: `{"header": [...], "runs": [...], "methods": [...], "columns": [[...], ...]}`, a column an array;
///   the first two hold indices into `runs` and `methods`
/// - figures: `{"NAME": {"x", "y", "styles", "keys", "layers"}}`, a layer's `places` being `x, y, x, y, ...` and
///   its `points` the markers' points
final class PageData {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final MathContext DIGITS = new MathContext(6);

    private PageData() {}

    static String points(List<Point> points) {
        Map<String, ToDoubleFunction<Point>> columns = new LinkedHashMap<>();
        columns.put("step", Point::step);
        columns.put("seed", Point::seed);
        columns.put("learning rate", Point::learningRate);
        columns.put("new task (%)", point -> 100 * point.newAccuracy());
        columns.put("prior (%)", point -> 100 * point.priorAccuracy());
        columns.put("forgetting (points)", point -> 100 * point.forgetting());
        Points.meters(points).forEach(meter -> columns.put(meter, point -> point.meter(meter)));
        Points.benchmarks(points)
                .forEach(benchmark -> columns.put(benchmark + " (%)", point -> 100 * point.benchmark(benchmark)));
        List<String> runs = points.stream().map(Point::run).distinct().toList();
        List<String> methods = points.stream().map(Point::method).distinct().toList();
        ObjectNode root = JSON.createObjectNode();
        ArrayNode header = root.putArray("header").add("run").add("method");
        columns.keySet().forEach(header::add);
        runs.forEach(root.putArray("runs")::add);
        methods.stream().map(Points::label).forEach(root.putArray("methods")::add);
        ArrayNode arrays = root.putArray("columns");
        indices(arrays.addArray(), points.stream().map(Point::run).toList(), runs);
        indices(arrays.addArray(), points.stream().map(Point::method).toList(), methods);
        columns.values().forEach(column -> {
            ArrayNode array = arrays.addArray();
            points.forEach(point -> number(array, column.applyAsDouble(point)));
        });
        return root.toString();
    }

    private static void indices(ArrayNode array, List<String> values, List<String> names) {
        Map<String, Integer> index = new LinkedHashMap<>();
        names.forEach(name -> index.put(name, index.size()));
        values.forEach(value -> array.add(index.get(value)));
    }

    static String figures(List<Figure> figures) {
        ObjectNode root = JSON.createObjectNode();
        for (Figure figure : figures) {
            ObjectNode node = root.putObject(figure.name());
            Plot plot = figure.plot();
            axis(node.putObject("x"), plot.x());
            axis(node.putObject("y"), plot.y());
            ObjectNode styles = node.putObject("styles");
            plot.styles()
                    .forEach((group, style) -> styles.putObject(group)
                            .put("color", color(style))
                            .put("marker", style.marker().name().toLowerCase(Locale.ROOT)));
            ArrayNode keys = node.putArray("keys");
            plot.keys()
                    .forEach(key -> keys.addObject()
                            .put("group", key.group())
                            .put("label", key.label())
                            .put("line", key.line().name().toLowerCase(Locale.ROOT)));
            ArrayNode layers = node.putArray("layers");
            plot.layers().forEach(layer -> fill(layers.addObject(), layer));
        }
        return root.toString();
    }

    private static void fill(ObjectNode node, Plot.Layer layer) {
        node.put("group", layer.group());
        switch (layer) {
            case Plot.Markers markers -> {
                ArrayNode points = node.put("kind", "markers").putArray("points");
                markers.places().forEach(place -> points.add(place.point()));
            }
            case Plot.Curve curve -> node.put("kind", curve.isDashed() ? "dashed" : "line");
            case Plot.Area _ -> node.put("kind", "area");
        }
        ArrayNode places = node.putArray("places");
        for (Place place : layer.places()) {
            number(places, place.x());
            number(places, place.y());
        }
    }

    private static void axis(ObjectNode node, Axis axis) {
        node.put("label", axis.label()).put("low", axis.low()).put("high", axis.high());
        node.put("log", axis.isLogarithmic());
    }

    private static String color(MethodStyle style) {
        return "#%06x".formatted(style.color().getRGB() & 0xffffff);
    }

    /// To six digits, as short as it can be; null where there is no number.
    private static void number(ArrayNode array, double value) {
        if (!Double.isFinite(value)) {
            array.addNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            array.add((long) value);
        } else {
            array.add(new BigDecimal(value).round(DIGITS).doubleValue());
        }
    }
}
