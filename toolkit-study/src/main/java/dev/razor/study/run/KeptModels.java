package dev.razor.study.run;

import dev.razor.study.run.StudyConfig.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which weights stay on disk. With `keep_models: none` those of a run that is done go, unless another run that
/// is not done needs them as its teacher.
record KeptModels(StudyConfig study, StudyInputs inputs) {

    /// The runs whose final model a run that is not done needs and which is gone; those they need for being
    /// trained again are among them.
    ///
    /// @param done whether the run of this name is done
    /// @param only whether it is asked for
    Set<String> neededAgain(Predicate<String> done, Predicate<String> only) {
        Set<String> again = new HashSet<>();
        for (PlannedRun run : inputs.runs().reversed()) {
            if ((only.test(run.name()) && !done.test(run.name())) || again.contains(run.name())) {
                inputs.teacherRun(run)
                        .filter(teacher -> done.test(teacher.name()) && !Checkpoints.trained(teacher.directory()))
                        .ifPresent(teacher -> again.add(teacher.name()));
            }
        }
        return again;
    }

    /// Deletes what need not stay.
    ///
    /// @param done whether the run of this name is done
    void sweep(Predicate<String> done) {
        if (study.keepModels() == Kept.ALL) {
            return;
        }
        List<PlannedRun> runs = inputs.runs();
        Set<String> needed = new HashSet<>();
        for (PlannedRun run : runs) {
            if (!done.test(run.name())) {
                inputs.teacherRun(run).ifPresent(teacher -> needed.add(teacher.name()));
            }
        }
        for (PlannedRun run : runs) {
            if (done.test(run.name()) && !needed.contains(run.name()) && Files.isDirectory(run.directory())) {
                try {
                    Checkpoints.delete(run.directory());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
