package dev.razor.study.run;

import dev.razor.core.lock.ModelPlace;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a study's files are.
///
/// @param folder the study file's
/// @param base the base model's directory
/// @param data the folder of the data files
/// @param output the study's own directory
record StudyPlaces(Path folder, Path base, Path data, Path output) {

    /// Those of a study whose file is `studyFile`.
    static StudyPlaces of(StudyConfig study, Path studyFile) {
        Path file = studyFile.toAbsolutePath();
        return new StudyPlaces(
                file.resolveSibling("."),
                base(study, file),
                file.resolveSibling(study.data()).normalize(),
                study.output());
    }

    /// The directory of the base model, which is meant from the study file's folder; where there is none, a name
    /// in
    /// `models.lock`.
    private static Path base(StudyConfig study, Path studyFile) {
        Path beside = studyFile.resolveSibling(study.base()).normalize();
        Path named = ModelPlace.place(study.base());
        return Files.exists(beside) || named.equals(study.base()) ? beside : named;
    }

    /// Whether the base is a name in `models.lock`.
    boolean isBaseNamed(StudyConfig study) {
        Path named = ModelPlace.place(study.base());
        return !named.equals(study.base()) && named.equals(base);
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
