package dev.razor.study.fit;

import dev.razor.core.stats.Interval;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `fits.json`: `{"<meter>": {"all": {"r2", "r2_ci95", "coefficients", "n"}, "<method>": {...}}}`.
///
/// What is not defined is null, the interval as a whole.
public final class FitsJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FitsJson() {}

    /// Writes `fits` to `file`.
    public static void write(Path file, Fits fits) {
        ObjectNode root = JSON.createObjectNode();
        fits.byMeter().forEach((meter, byGroup) -> {
            ObjectNode groups = root.putObject(meter);
            byGroup.forEach((group, fit) -> fill(groups.putObject(group), fit));
        });
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
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
