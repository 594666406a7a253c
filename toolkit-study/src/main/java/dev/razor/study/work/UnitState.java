package dev.razor.study.work;

import dev.razor.core.base.DataException;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How far a unit is, in the file `NAME.json` of the study's state directory:
///
/// ```
/// {"inputs": "...", "status": "failed", "reason": "...", "started": "2026-01-31T12:00:00Z", "seconds": 3.5,
///  "attempts": 1, "pid": 4711}
/// ```
///
/// @param inputs the unit's, when it was begun
/// @param reason why it failed or was skipped; else empty
/// @param started when the last attempt began
/// @param seconds that the last attempt took; 0 while it runs
/// @param attempts how often it was begun, with whatever inputs: where that is not 1, the seconds may not be the
/// whole
/// @param pid the process that made or makes the attempt; `running` means nothing once that is gone
public record UnitState(
        String inputs, Status status, String reason, Instant started, double seconds, int attempts, long pid) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// What has become of a unit; in the file in lower case.
    public enum Status {
        RUNNING,
        DONE,
        FAILED,
        SKIPPED
    }

    /// The state of the unit called `name`; empty where it was never begun.
    ///
    /// @throws DataException if its file is none
    public static Optional<UnitState> read(Path stateDirectory, String name) {
        Path file = file(stateDirectory, name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(file.toFile());
            return Optional.of(new UnitState(
                    root.required("inputs").asString(),
                    Status.valueOf(root.required("status").asString().toUpperCase(Locale.ROOT)),
                    root.path("reason").asString(""),
                    Instant.parse(root.required("started").asString()),
                    root.path("seconds").asDouble(0),
                    root.path("attempts").asInt(1),
                    root.path("pid").asLong(0)));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new DataException(
                    "%s: is not the state of a unit of work: %s; delete it, and the unit is done again"
                            .formatted(
                                    file,
                                    e instanceof JacksonException ? "no whole JSON with the keys" : e.getMessage()),
                    e);
        }
    }

    void write(Path stateDirectory, String name) {
        ObjectNode root = JSON.createObjectNode();
        root.put("inputs", inputs);
        root.put("status", status.name().toLowerCase(Locale.ROOT));
        root.put("reason", reason);
        root.put("started", started.toString());
        root.put("seconds", seconds);
        root.put("attempts", attempts);
        root.put("pid", pid);
        AtomicFile.write(
                file(stateDirectory, name),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /// The file of the unit called `name`.
    public static Path file(Path stateDirectory, String name) {
        return stateDirectory.resolve(name + ".json");
    }

    /// Whether the unit was done from these inputs.
    public boolean done(String inputs) {
        return status == Status.DONE && this.inputs.equals(inputs);
    }

    UnitState ended(Status status, String reason, double seconds) {
        return new UnitState(inputs, status, reason, started, seconds, attempts, pid);
    }
}
