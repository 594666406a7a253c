package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a study's files are.
///
/// @param folder the study file's
/// @param base the base model's directory
/// @param data the folder of the data files
/// @param benchmarks the folder of the benchmarks' files
/// @param output the study's own directory
record StudyPlaces(Path folder, Path base, Path data, Path benchmarks, Path output) {

    /// Those of a study whose file is `studyFile`.
    static StudyPlaces of(StudyConfig study, Path studyFile) {
        Path folder = studyFile.toAbsolutePath().resolveSibling(".");
        Path data = folder.resolve(study.data()).normalize();
        Path benchmarks = study.benchmarks().datasets().isEmpty()
                ? data.resolve(study.benchmarks().folder()).normalize()
                : ModelCache.at(null).directory();
        return new StudyPlaces(folder, Named.of(study.base(), folder).place(), data, benchmarks, study.output());
    }

    /// The base as the study file names it.
    Named named(StudyConfig study) {
        return Named.of(study.base(), folder);
    }

    /// The data sets that the benchmarks are fetched from.
    ///
    /// @param problems is given a line for each that cannot be
    List<Named> benchmarkSets(StudyConfig study, List<String> problems) {
        List<Named> sets = new ArrayList<>();
        for (String name : study.benchmarks().datasets()) {
            try {
                LockEntry entry = ModelsLock.read(ModelsLock.installed()
                                .orElseThrow(() -> new ConfigException("there is no models.lock; use folder instead")))
                        .entry(name);
                if (entry.local() != null) {
                    throw new ConfigException(
                            "%s lies at %s and is not fetched; use folder instead".formatted(name, entry.local()));
                }
                sets.add(new Named(entry, benchmarks.resolve(name)));
            } catch (UserException e) {
                e.problems().forEach(problem -> problems.add("benchmarks.datasets: " + problem));
            }
        }
        return sets;
    }

    /// The state of the study's units.
    Path state() {
        return output.resolve("state");
    }

    /// What is measured of the base, by rename.
    Path baseMeasurement() {
        return output.resolve("measurements").resolve("base.json");
    }

    /// What the base wrote after the prompts on which divergences are measured.
    Path baseSamples() {
        return output.resolve("measurements").resolve("base-samples.jsonl");
    }

    /// The measurements of a run's checkpoints.
    Path measurements(String run) {
        return output.resolve("measurements").resolve(run);
    }

    /// Where what a run made from other inputs is put.
    Path replaced(String run) {
        return output.resolve("replaced").resolve(run);
    }

    /// A run's directory.
    Path run(String run) {
        return output.resolve("runs").resolve(run);
    }

    /// Names what a run's directory follows from.
    Path trainingInputs(String run) {
        return output.resolve("runs").resolve(run + ".sha256");
    }
}
