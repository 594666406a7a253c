package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.grpo.GrpoRun;
import dev.razor.sft.SftRun;
import dev.razor.sft.simpo.SimPoRun;
import dev.razor.study.points.AtomicFile;
import dev.razor.study.run.StudyConfig.Measured;
import dev.razor.study.work.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Trains a run and measures its checkpoints. Interrupted, it goes on from the last checkpoint and the last
/// measurement.
///
/// @param training digest of what the run's models follow from
/// @param measurement digest of what a measurement of them follows from
/// @param neededAgain runs whose models are gone and are needed; see [KeptModels#neededAgain]
record RunWork(
        StudyConfig study,
        StudyPlaces places,
        PlannedRun planned,
        String training,
        String measurement,
        Set<String> neededAgain)
        implements Unit.Work {

    @Override
    public void run(Progress progress) {
        Path directory = planned.directory();
        AtomicFile.write(places.trainingInputs(planned.name()), training + "\n");
        Path folder = places.measurements(planned.name());
        boolean lastOnly = study.measure() == Measured.FINAL;
        if (Checkpoints.trained(directory) && Checkpoints.lost(directory, folder, lastOnly, measurement)) {
            delete(directory);
        }
        if (!Checkpoints.trained(directory)) {
            switch (planned.trainer()) {
                case PlannedRun.Trainer.Sft(var config) -> SftRun.start(config, true, progress);
                case PlannedRun.Trainer.Grpo(var config) -> GrpoRun.start(config, true, progress);
                case PlannedRun.Trainer.SimPo(var config) -> SimPoRun.start(config, true, progress);
            }
        }
        SortedMap<Integer, Path> models = Checkpoints.models(directory);
        if (lastOnly) {
            models = models.tailMap(models.lastKey());
        }
        SortedMap<Integer, Path> missing = new TreeMap<>(models);
        missing.keySet().removeAll(Checkpoints.measurements(folder, measurement).keySet());
        if (!missing.isEmpty()) {
            measure(models, missing, folder, progress);
        }
        Checkpoints.note(folder, models.keySet());
    }

    private static void delete(Path directory) {
        try {
            Checkpoints.delete(directory);
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(directory.toString(), e);
        }
    }

    private void measure(
            SortedMap<Integer, Path> models, SortedMap<Integer, Path> missing, Path folder, Progress progress) {
        int done = models.size() - missing.size();
        try (Meters meters = new Meters(study, places)) {
            BaseSamples samples = new SamplesFile(study, places, places.baseSamples()).read(meters.base());
            for (var model : missing.entrySet()) {
                progress.update("measuring", done++, models.size(), "step " + model.getKey());
                if (model.getKey().equals(models.lastKey())) {
                    meters.map(model.getValue(), samples, planned.directory(), Progress.silent());
                }
                meters.of(model.getValue(), samples, progress)
                        .write(Checkpoints.measurement(folder, model.getKey()), measurement);
            }
            progress.update("measuring", done, models.size(), "");
        }
    }

    @Override
    public boolean present() {
        try {
            return !neededAgain.contains(planned.name())
                    && Checkpoints.measured(
                            planned.directory(),
                            places.measurements(planned.name()),
                            study.measure() == Measured.FINAL,
                            measurement);
        } catch (UserException _) {
            return false; // a torn file, which the attempt names
        }
    }

    /// What was trained from other inputs is moved to `replaced/`, where it takes the place of what was there
    /// before; measurements of what stays are deleted where they would be others now.
    @Override
    public void discard() throws IOException {
        Path directory = planned.directory();
        Path folder = places.measurements(planned.name());
        Path marker = places.trainingInputs(planned.name());
        boolean kept = Files.exists(marker) && Files.readString(marker).strip().equals(training);
        if (!kept && (Files.exists(directory) || Files.exists(folder))) {
            Path replaced = places.replaced(planned.name());
            if (Files.exists(directory)) {
                OutputDirectory.delete(replaced);
                Files.createDirectories(replaced.getParent());
                Files.move(directory, replaced);
            }
            if (Files.exists(folder)) {
                Files.createDirectories(replaced);
                OutputDirectory.delete(replaced.resolve("measurements"));
                Files.move(folder, replaced.resolve("measurements"));
            }
        }
        Checkpoints.deleteMeasurementsExcept(folder, measurement);
    }
}
