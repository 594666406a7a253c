package dev.razor.study.history;

import dev.razor.study.points.Point;
import dev.razor.study.work.UnitState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The table `runs`, from the study's `state/`, each run's `config.yaml`, the points, and the study file in
/// `study.json`. A base model is no run.
final class RunsTable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final YAMLMapper YAML = YAMLMapper.shared();

    /// A run's name is its method's, then the values that vary.
    private static final Pattern VARYING = Pattern.compile("-[a-z][a-z0-9_]*=.*");

    /// How far a clock can be off that a process's start and a unit's beginning were read from.
    private static final Duration CLOCK = Duration.ofSeconds(5);

    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("run", "VARCHAR");
        COLUMNS.put("method", "VARCHAR");
        COLUMNS.put("trainer", "VARCHAR");
        COLUMNS.put("seed", "BIGINT");
        COLUMNS.put("learning_rate", "DOUBLE");
        COLUMNS.put("status", "VARCHAR");
        COLUMNS.put("reason", "VARCHAR");
        COLUMNS.put("started", "TIMESTAMP WITH TIME ZONE");
        COLUMNS.put("seconds", "DOUBLE");
        COLUMNS.put("settings", "JSON");
    }

    private RunsTable() {}

    /// The directories of the runs in `folder`, by name; none where there is no such folder.
    static List<Path> directories(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Connection database, Path runDirectory, List<Path> runs, List<Point> points) throws SQLException {
        Path states = runDirectory.resolve("state");
        Map<String, Point> measured = new LinkedHashMap<>();
        points.forEach(point -> measured.putIfAbsent(point.run(), point));
        SequencedSet<String> names = new TreeSet<>(measured.keySet());
        runs.forEach(run -> names.add(run.getFileName().toString()));
        names.addAll(begun(states));
        JsonNode methods = methods(runDirectory.resolve("study.json"));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String name : names) {
            Point point = measured.get(name);
            String method = point == null ? VARYING.matcher(name).replaceFirst("") : point.method();
            if (!method.equals(Point.BASE)) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("run", name);
                putMethod(row, method, point != null, methods);
                if (point != null) {
                    row.put("seed", point.seed());
                    row.put("learning_rate", point.learningRate());
                }
                putSettings(row, runDirectory.resolve("runs").resolve(name).resolve("config.yaml"));
                UnitState.read(states, name)
                        .ifPresentOrElse(state -> putState(row, state), () -> row.put("status", "unknown"));
                rows.add(row);
            }
        }
        new Table("runs", COLUMNS, List.copyOf(rows)).create(database);
    }

    /// The units that have a state.
    private static List<String> begun(Path states) {
        if (!Files.isDirectory(states)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(states)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json") && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The methods of the study file, a list of their keys; missing where nothing was measured yet.
    private static JsonNode methods(Path studyJson) {
        if (!Files.exists(studyJson)) {
            return JSON.missingNode();
        }
        try {
            String yaml = JSON.readTree(studyJson.toFile()).path("study_yaml").asString("");
            return YAML.readTree(yaml).path("methods");
        } catch (JacksonException _) {
            return JSON.missingNode(); // changed by hand; the report says so
        }
    }

    /// The method and its trainer. A method that was read from the run's name is one if the study file has it.
    private static void putMethod(
            Map<String, @Nullable Object> row, String method, boolean isMeasured, JsonNode methods) {
        if (isMeasured || methods.isEmpty()) {
            row.put("method", method);
        }
        for (JsonNode one : methods) {
            if (one.path("name").asString("").equals(method)) {
                row.put("method", method);
                row.put("trainer", one.path("trainer").asString(null));
            }
        }
    }

    private static void putSettings(Map<String, @Nullable Object> row, Path config) {
        JsonNode settings = settings(config);
        if (settings != null) {
            row.put("seed", settings.path("seed").asLong(0));
            row.put("learning_rate", settings.path("learning_rate").asDouble(Double.NaN));
            row.put("settings", settings.toString());
        }
    }

    private static void putState(Map<String, @Nullable Object> row, UnitState state) {
        boolean isRunning = state.status() == UnitState.Status.RUNNING;
        row.put(
                "status",
                isRunning && !lives(state)
                        ? "interrupted"
                        : state.status().name().toLowerCase(Locale.ROOT));
        row.put("reason", state.reason().isEmpty() ? null : state.reason());
        row.put("started", state.started().toString());
        row.put("seconds", isRunning ? null : (Double) state.seconds());
    }

    /// Whether the unit's process is there still. One that has its number but started after the unit began is
    /// another: numbers begin anew with the machine, or the container.
    private static boolean lives(UnitState state) {
        return ProcessHandle.of(state.pid())
                .map(process -> process.info().startInstant().orElse(Instant.MIN))
                .filter(start -> !start.isAfter(state.started().plus(CLOCK)))
                .isPresent();
    }

    private static @Nullable JsonNode settings(Path config) {
        if (!Files.exists(config)) {
            return null;
        }
        try {
            return YAML.readTree(config.toFile());
        } catch (JacksonException _) {
            return null; // cut off by hand; the study itself will say so
        }
    }
}
