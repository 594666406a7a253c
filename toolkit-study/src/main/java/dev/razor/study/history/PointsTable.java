package dev.razor.study.history;

import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The table `points`: the columns of `points.csv`, and beside the new task's and each benchmark's score its
/// standard error from the measurement, `SCORE_stderr`.
final class PointsTable {

    private static final String STDERR = "_stderr";

    private PointsTable() {}

    static void write(Connection database, Path measurements, List<Point> points) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("run", "VARCHAR");
        columns.put("method", "VARCHAR");
        columns.put("step", "BIGINT");
        columns.put("seed", "BIGINT");
        for (String name : List.of("learning_rate", "new_accuracy", "prior_accuracy", "forgetting")) {
            columns.put(name, "DOUBLE");
        }
        Points.meters(points).forEach(name -> columns.put(name, "DOUBLE"));
        Points.benchmarks(points).forEach(name -> columns.put(name, "DOUBLE"));
        columns.put("new_accuracy" + STDERR, "DOUBLE");
        Points.benchmarks(points).forEach(name -> columns.put(name + STDERR, "DOUBLE"));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Point point : points) {
            rows.add(row(point, measurements));
        }
        new Table("points", columns, List.copyOf(rows)).create(database);
    }

    private static Map<String, @Nullable Object> row(Point point, Path measurements) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("run", point.run());
        row.put("method", point.method());
        row.put("step", (long) point.step());
        row.put("seed", point.seed());
        row.put("learning_rate", point.learningRate());
        row.put("new_accuracy", point.newAccuracy());
        row.put("prior_accuracy", point.priorAccuracy());
        row.put("forgetting", point.forgetting());
        row.putAll(point.meters());
        row.putAll(point.benchmarks());
        Path file = point.isBase()
                ? measurements.resolve(Point.BASE + ".json")
                : measurements.resolve(point.run()).resolve("step-" + point.step() + ".json");
        standardErrors(file).properties().forEach(error -> {
            if (error.getValue().isNumber()) {
                row.put(error.getKey() + STDERR, error.getValue().asDouble());
            }
        });
        return row;
    }

    /// Those of a measurement, by score; missing where it was moved away.
    private static JsonNode standardErrors(Path file) {
        JsonMapper json = JsonMapper.shared();
        try {
            return Files.exists(file) ? json.readTree(file.toFile()).path("standard_errors") : json.missingNode();
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: is not a measurement of a study: %s; delete it and run the study again"
                            .formatted(file, JsonReason.of(e)),
                    e);
        }
    }
}
