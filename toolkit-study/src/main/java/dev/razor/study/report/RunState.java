package dev.razor.study.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far a unit of a study's work is, from its file in the run directory's `state/`.
///
/// @param status `running`, `done`, `failed` or `skipped`
/// @param seconds that its last attempt took; NaN while it runs
/// @param reason why it failed or was skipped; else empty
record RunState(String status, double seconds, String reason) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// The states by unit, in the order of their names; a file that cannot be read is left out, for a report only
    /// looks on.
    static Map<String, RunState> read(Path directory) {
        Map<String, RunState> states = new LinkedHashMap<>();
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            try {
                JsonNode root = JSON.readTree(file.toFile());
                String status = root.path("status").asString("");
                states.put(
                        name.substring(0, name.length() - ".json".length()),
                        new RunState(
                                status,
                                status.equals("running")
                                        ? Double.NaN
                                        : root.path("seconds").asDouble(Double.NaN),
                                root.path("reason").asString("")));
            } catch (JacksonException _) {
                // not a state, or gone since it was listed
            }
        }
        return states;
    }

    private static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
