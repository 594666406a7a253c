package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.train.TrainingOutput;
import dev.razor.study.points.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The models that a run has left, by step, and what was measured of them, a file a step.
final class Checkpoints {

    private static final Pattern STEP = Pattern.compile("step-(\\d{1,9})");
    private static final Pattern MEASURED = Pattern.compile("step-(\\d{1,9})\\.json");

    /// In the folder of the measurements.
    private static final String NOTE = "steps.json";

    private Checkpoints() {}

    /// Whether the run has ended and its last model is there.
    static boolean trained(Path run) {
        return Files.exists(TrainingOutput.finalModel(run));
    }

    /// The models of a run that has ended; the last step's is `final`, also where a checkpoint of that step
    /// exists.
    static SortedMap<Integer, Path> models(Path run) {
        SortedMap<Integer, Path> models = numbered(run.resolve("checkpoints"), STEP);
        Path last = TrainingOutput.finalModel(run);
        models.put(lastStep(last.resolve("razor.json")), last);
        return models;
    }

    /// The steps that a model was trained, by what was written beside it.
    private static int lastStep(Path card) {
        JsonNode steps;
        try {
            steps = JsonMapper.shared().readTree(card.toFile()).path("steps");
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: cannot be read; delete the run's directory and start again".formatted(card), e);
        }
        if (!steps.isInt()) {
            throw new DataException("%s: has no steps; delete the run's directory and start again".formatted(card));
        }
        return steps.asInt();
    }

    /// Notes which steps a run was measured at, when it has been at all of them.
    ///
    /// @param folder of the measurements
    static void note(Path folder, Collection<Integer> steps) {
        AtomicFile.write(folder.resolve(NOTE), JsonMapper.shared().writeValueAsString(steps) + "\n");
    }

    /// The steps that were noted; none where nothing was.
    private static SortedSet<Integer> noted(Path folder, boolean lastOnly) {
        SortedSet<Integer> steps = new TreeSet<>();
        try {
            if (Files.exists(folder.resolve(NOTE))) {
                JsonMapper.shared().readTree(folder.resolve(NOTE).toFile()).forEach(step -> steps.add(step.asInt()));
            }
        } catch (JacksonException _) {
            return new TreeSet<>(); // torn: what lies there counts
        }
        return lastOnly && !steps.isEmpty() ? steps.tailSet(steps.last()) : steps;
    }

    /// Whether a model and its measurement are both gone, so that the run has to be trained again.
    static boolean lost(Path run, Path folder, boolean lastOnly, String inputs) {
        Set<Integer> steps = new HashSet<>(noted(folder, lastOnly));
        steps.removeAll(measurements(folder, inputs).keySet());
        steps.removeAll(models(run).keySet());
        return !steps.isEmpty();
    }

    /// Whether what was measured of a run is there: at the steps that were noted, of its models, while they are,
    /// and of one at least.
    ///
    /// @param folder of the measurements
    static boolean measured(Path run, Path folder, boolean lastOnly, String inputs) {
        SortedMap<Integer, Measurement> measurements = measurements(folder, inputs);
        if (!measurements.keySet().containsAll(noted(folder, lastOnly))) {
            return false;
        }
        if (!trained(run)) {
            return !measurements.isEmpty();
        }
        SortedMap<Integer, Path> models = models(run);
        return measurements.keySet().containsAll((lastOnly ? models.tailMap(models.lastKey()) : models).keySet());
    }

    /// Where the measurement of step `step` is kept.
    static Path measurement(Path folder, int step) {
        return folder.resolve("step-" + step + ".json");
    }

    /// The measurements in `folder` that follow from `inputs`, by step.
    static SortedMap<Integer, Measurement> measurements(Path folder, String inputs) {
        SortedMap<Integer, Measurement> measurements = new TreeMap<>();
        numbered(folder, MEASURED)
                .forEach((step, file) ->
                        Measurement.read(file, inputs).ifPresent(measurement -> measurements.put(step, measurement)));
        return measurements;
    }

    /// Deletes the measurements in `folder` that follow from other inputs.
    static void deleteMeasurementsExcept(Path folder, String inputs) throws IOException {
        SortedMap<Integer, Path> files = numbered(folder, MEASURED);
        files.keySet().removeAll(measurements(folder, inputs).keySet());
        for (Path file : files.values()) {
            Files.delete(file);
        }
    }

    /// Deletes the weights of a run, its metrics and samples stay. A deletion that is cut off leaves no torn
    /// model.
    static void delete(Path run) throws IOException {
        OutputDirectory.deleteUnpublished(run);
        for (Path models : new Path[] {run.resolve("checkpoints"), TrainingOutput.finalModel(run)}) {
            if (Files.exists(models)) {
                Path doomed = run.resolve(".%s.tmp-%s"
                        .formatted(
                                models.getFileName(),
                                UUID.randomUUID().toString().substring(0, 8)));
                Files.move(models, doomed);
                OutputDirectory.delete(doomed);
            }
        }
    }

    private static SortedMap<Integer, Path> numbered(Path folder, Pattern name) {
        SortedMap<Integer, Path> found = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> {
                Matcher matcher = name.matcher(entry.getFileName().toString());
                if (matcher.matches()) {
                    found.put(Integer.parseInt(matcher.group(1)), entry);
                }
            });
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
