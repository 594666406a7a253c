package dev.razor.study.run;

import dev.razor.study.work.UnitState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Runs that are done under another name: a second seed, a value made a list or a method's new name change the
/// names of runs and nothing else of them. A run is known by what its models follow from
/// ([UnitInputs#training]).
record Renames(StudyPlaces places, StudyInputs inputs, UnitInputs digests) {

    private static final String MARKER = ".sha256";

    /// For each run of which nothing is there but under another name, that name.
    Map<String, String> found() {
        Map<String, String> earlier = earlier();
        Map<String, String> renames = new LinkedHashMap<>();
        for (PlannedRun run : inputs.runs()) {
            if (!Files.exists(places.trainingInputs(run.name()))) {
                String name = earlier.remove(digests.training(run));
                if (name != null) {
                    renames.put(run.name(), name);
                }
            }
        }
        return renames;
    }

    /// Names of runs that are done and that the file does not name, by what they follow from.
    private Map<String, String> earlier() {
        Set<String> named = new HashSet<>();
        inputs.runs().forEach(run -> named.add(run.name()));
        Map<String, String> earlier = new HashMap<>();
        Path runs = places.trainingInputs("").getParent();
        if (runs == null || !Files.isDirectory(runs)) {
            return earlier;
        }
        try (Stream<Path> files = Files.list(runs)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(MARKER)) {
                    String run = name.substring(0, name.length() - MARKER.length());
                    boolean done = UnitState.read(places.state(), run)
                            .filter(state -> state.status() == UnitState.Status.DONE)
                            .isPresent();
                    if (done && !named.contains(run)) {
                        earlier.put(Files.readString(file).strip(), run);
                    }
                }
            }
            return earlier;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives what was found its new name. The marker and the state, by which it is found, go last: interrupted,
    /// it is found again.
    void apply() {
        found().forEach((now, before) -> {
            move(places.run(before), places.run(now));
            move(places.measurements(before), places.measurements(now));
            move(places.trainingInputs(before), places.trainingInputs(now));
            move(UnitState.file(places.state(), before), UnitState.file(places.state(), now));
        });
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                // what is there is the state of a run that never began
                Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
