package dev.razor.study.paritymnist;

import dev.razor.core.base.UserException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.study.points.PointsCsv;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the results of a study's units lie:
///
/// ```
/// runs/NAME/points.csv           of a base or a training run
/// runs/NAME/final.safetensors    of a base or a teacher
/// runs/NAME/steps.json           of step dynamics
/// ```
///
/// A file that is damaged counts as one that is not there.
///
/// @param output the study's directory
record ParityFiles(Path output) {

    Path folder(String unit) {
        return output.resolve("runs").resolve(unit);
    }

    Path points(String unit) {
        return folder(unit).resolve("points.csv");
    }

    Path weights(String unit) {
        return folder(unit).resolve("final.safetensors");
    }

    Path steps(String unit) {
        return folder(unit).resolve("steps.json");
    }

    boolean hasPoints(String unit) {
        try {
            return Files.exists(points(unit)) && !PointsCsv.read(points(unit)).isEmpty();
        } catch (UserException _) {
            return false;
        }
    }

    boolean hasWeights(String unit) {
        if (!Files.exists(weights(unit))) {
            return false;
        }
        try (SafetensorsFile _ = SafetensorsFile.open(weights(unit))) {
            return true;
        } catch (UserException _) {
            return false;
        }
    }

    boolean hasSteps(String unit) {
        return StepDynamics.read(steps(unit)).isPresent();
    }
}
