package dev.razor.study.history;

import dev.razor.study.points.Point;
import dev.razor.study.work.UnitState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The table `runs`, from the study's `state/`, each run's `config.yaml` and the study file in `study.json`.
final class RunsTable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final YAMLMapper YAML = YAMLMapper.shared();

    /// A run's name is its method's, then the values that vary.
    private static final String VARYING = "-[a-z_]+=.*";

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
        SequencedSet<String> names = new TreeSet<>();
        points.stream().filter(point -> !point.isBase()).map(Point::run).forEach(names::add);
        runs.forEach(run -> names.add(run.getFileName().toString()));
        names.addAll(begun(states));
        JsonNode methods = methods(runDirectory.resolve("study.json"));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(row(name, runDirectory.resolve("runs").resolve(name), UnitState.read(states, name), methods));
        }
        new Table("runs", COLUMNS, List.copyOf(rows)).create(database);
    }

    /// The runs that have a state; the base is none.
    private static List<String> begun(Path states) {
        if (!Files.isDirectory(states)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(states)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json") && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .filter(name -> !name.equals(Point.BASE))
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
        String yaml = JSON.readTree(studyJson.toFile()).path("study_yaml").asString("");
        return YAML.readTree(yaml).path("methods");
    }

    private static Map<String, @Nullable Object> row(
            String name, Path directory, Optional<UnitState> state, JsonNode methods) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        String method = name.replaceFirst(VARYING, "");
        row.put("run", name);
        row.put("method", method);
        for (JsonNode one : methods) {
            if (one.path("name").asString("").equals(method)) {
                row.put("trainer", one.path("trainer").asString(null));
            }
        }
        JsonNode settings = settings(directory.resolve("config.yaml"));
        if (settings != null) {
            row.put("seed", settings.path("seed").asLong(0));
            row.put("learning_rate", settings.path("learning_rate").asDouble(Double.NaN));
            row.put("settings", settings.toString());
        }
        row.put("status", state.map(RunsTable::status).orElse("unknown"));
        state.ifPresent(known -> {
            row.put("reason", known.reason().isEmpty() ? null : known.reason());
            row.put("started", known.started().toString());
            row.put("seconds", known.status() == UnitState.Status.RUNNING ? null : (Double) known.seconds());
        });
        return row;
    }

    /// As the state says; `running` of a process that is gone is `interrupted`.
    private static String status(UnitState state) {
        boolean gone = state.status() == UnitState.Status.RUNNING
                && ProcessHandle.of(state.pid()).isEmpty();
        return gone ? "interrupted" : state.status().name().toLowerCase(Locale.ROOT);
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
