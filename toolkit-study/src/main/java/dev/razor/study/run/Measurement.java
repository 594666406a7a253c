package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was measured of one model; kept as a small JSON file, so that a continued study does not measure it
/// again.
///
/// @param newAccuracy share of the new task's test prompts answered rightly
/// @param meters divergences from the base, by name; empty for the base itself
/// @param scores prior skills, by benchmark
/// @param standardErrors of the scores and of `new_accuracy`; NaN where one document was scored, or the
/// benchmark gives none
record Measurement(
        double newAccuracy,
        Map<String, Double> meters,
        Map<String, Double> scores,
        Map<String, Double> standardErrors) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// The mean of the prior scores.
    double priorAccuracy() {
        return scores.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    /// Writes it to `file`, replacing what is there.
    ///
    /// @param inputs digest of what it follows from
    void write(Path file, String inputs) {
        ObjectNode root = JSON.createObjectNode();
        root.put("inputs", inputs);
        root.put("new_accuracy", newAccuracy);
        put(root.putObject("meters"), meters);
        put(root.putObject("scores"), scores);
        put(root.putObject("standard_errors"), standardErrors);
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static void put(ObjectNode node, Map<String, Double> values) {
        values.forEach((name, value) -> {
            if (value.isNaN()) {
                node.putNull(name);
            } else {
                node.put(name, value);
            }
        });
    }

    /// The measurement in `file`; empty where there is none, or one that follows from other inputs.
    ///
    /// @throws DataException if the file is not one that [#write] made
    static Optional<Measurement> read(Path file, String inputs) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(file.toFile());
            if (!root.path("inputs").asString("").equals(inputs)) {
                return Optional.empty();
            }
            return Optional.of(new Measurement(
                    root.required("new_accuracy").asDouble(),
                    map(root.required("meters")),
                    map(root.required("scores")),
                    map(root.required("standard_errors"))));
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: is not a measurement of a study: %s; delete it to measure again"
                            .formatted(file, JsonReason.of(e)),
                    e);
        }
    }

    private static Map<String, Double> map(JsonNode node) {
        Map<String, Double> values = new LinkedHashMap<>();
        node.properties()
                .forEach(field -> values.put(
                        field.getKey(),
                        field.getValue().isNull()
                                ? Double.NaN
                                : field.getValue().asDouble()));
        return values;
    }
}
