package dev.razor.study.report;

import dev.razor.study.points.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Standard errors of the models' prior scores, fractions, from the run directory's
/// `measurements/RUN/step-N.json`.
///
/// @param byModel run and step, then benchmark
record BenchmarkErrors(Map<String, Map<String, Double>> byModel) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static final BenchmarkErrors NONE = new BenchmarkErrors(Map.of());

    /// Those of `points`; of what was not measured here there are none.
    static BenchmarkErrors read(Path measurements, List<Point> points) {
        Map<String, Map<String, Double>> byModel = new LinkedHashMap<>();
        for (Point point : points) {
            Path file = measurements.resolve(point.run()).resolve("step-" + point.step() + ".json");
            if (!Files.exists(file)) {
                continue;
            }
            try {
                Map<String, Double> errors = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> error :
                        JSON.readTree(file.toFile()).path("standard_errors").properties()) {
                    errors.put(error.getKey(), error.getValue().asDouble(Double.NaN));
                }
                byModel.put(key(point), errors);
            } catch (JacksonException _) {
                // gone since, or not a measurement: the score stands there without its error
            }
        }
        return new BenchmarkErrors(byModel);
    }

    /// The standard error of a model's score, NaN where it is not known.
    double of(Point point, String benchmark) {
        return byModel.getOrDefault(key(point), Map.of()).getOrDefault(benchmark, Double.NaN);
    }

    private static String key(Point point) {
        return point.run() + " " + point.step();
    }
}
