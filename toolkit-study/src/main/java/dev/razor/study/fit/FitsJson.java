package dev.razor.study.fit;

import dev.razor.core.stats.Interval;
import dev.razor.study.points.AtomicFile;
import dev.razor.study.points.Point;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `fits.json`: `{"<meter>": {"all": {"r2", "r2_ci95", "coefficients", "n"}, "<method>": {...}}}`.
///
/// Beside the meters stand two things that are not fits on a meter:
///
/// - `pareto`: of each method `{"band", "front", "kept", "exponential"}`: how many points lie on its front and
///   within the band ([ParetoFront#withinBand]), and the [ExponentialFit] of these, `{"coefficients", "range",
///   "r2", "n"}`, null where there is none. The base model, or each seed's, is a point of every method here, so
///   `kept` of a method with 12 models may be 13; everywhere else in the file it is no method's
/// - `matched_accuracy`: `{"threshold", "methods": {"<method>": {"run", "step", "new_accuracy", "forgetting",
///   "candidates"}}}`, see [MatchedAccuracy]; null without points
///
/// What is not defined is null, the interval as a whole.
public final class FitsJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FitsJson() {}

    /// Writes `fits` to `file`.
    public static void write(Path file, Fits fits, List<Point> points) {
        ObjectNode root = JSON.createObjectNode();
        fits.byMeter().forEach((meter, byGroup) -> {
            ObjectNode groups = root.putObject(meter);
            byGroup.forEach((group, fit) -> fill(groups.putObject(group), fit));
        });
        ObjectNode pareto = root.putObject("pareto");
        MethodFront.of(points).forEach((method, front) -> fill(pareto.putObject(method), front));
        MatchedAccuracy.of(points)
                .ifPresentOrElse(
                        matched -> fill(root.putObject("matched_accuracy"), matched),
                        () -> root.putNull("matched_accuracy"));
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static void fill(ObjectNode node, MethodFront front) {
        node.put("band", MethodFront.BAND)
                .put("front", front.front().size())
                .put("kept", front.kept().size());
        if (front.curve().isEmpty()) {
            node.putNull("exponential");
            return;
        }
        ExponentialFit curve = front.curve().get();
        ObjectNode fitted = node.putObject("exponential");
        add(fitted.putArray("coefficients"), curve.coefficients());
        add(fitted.putArray("range"), List.of(curve.low(), curve.high()));
        fitted.put("r2", curve.r2()).put("n", curve.n());
    }

    private static void fill(ObjectNode node, MatchedAccuracy matched) {
        node.put("threshold", matched.threshold());
        ObjectNode methods = node.putObject("methods");
        for (MatchedAccuracy.Entry entry : matched.entries()) {
            methods.putObject(entry.method())
                    .put("run", entry.best().run())
                    .put("step", entry.best().step())
                    .put("new_accuracy", entry.best().newAccuracy())
                    .put("forgetting", entry.best().forgetting())
                    .put("candidates", entry.candidates());
        }
    }

    private static void fill(ObjectNode node, Fit fit) {
        if (Double.isNaN(fit.quadratic().r2())) {
            node.putNull("r2");
        } else {
            node.put("r2", fit.quadratic().r2());
        }
        Interval interval = fit.r2Interval();
        if (interval.isDefined()) {
            add(node.putArray("r2_ci95"), List.of(interval.low(), interval.high()));
        } else {
            node.putNull("r2_ci95");
        }
        if (fit.quadratic().isDefined()) {
            add(node.putArray("coefficients"), fit.quadratic().coefficients());
        } else {
            node.putNull("coefficients");
        }
        node.put("n", fit.quadratic().n());
    }

    private static void add(ArrayNode array, List<Double> values) {
        values.forEach(array::add);
    }
}
