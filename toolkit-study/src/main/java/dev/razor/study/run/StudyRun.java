package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.run.Progress;
import dev.razor.study.points.Point;
import dev.razor.study.work.Outcome;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Study;
import dev.razor.study.work.Unit;
import dev.razor.study.work.UnitState;
import dev.razor.study.work.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A study of a language model, from its file to its report. Its units:
///
/// 1. `base`: measure the base model and draw the samples on which divergences from it are measured;
/// 2. each planned run: train it, then measure each of its checkpoints (`checkpoints/step-N`, and the last
/// step, which is `final`): accuracy on the new task, prior benchmarks, divergences from the base.
///
/// After each unit `points.csv`, fits, figures and report are written anew. What is done is not done again as
/// long as its inputs stay the same ([UnitInputs]), so that a study file may be edited.
public final class StudyRun implements Study {

    private static final Logger LOG = LoggerFactory.getLogger(StudyRun.class);

    private final StudyConfig study;
    private final StudyPlaces places;
    private final StudyInputs inputs;
    private final StudyData data;

    /// Plans the study.
    ///
    /// @param studyFile the study file, whose folder `base` and `data` are meant from
    /// @throws UserException with all problems of the file
    public StudyRun(StudyConfig study, Path studyFile) {
        this.study = study;
        this.places = StudyPlaces.of(study, studyFile);
        List<PlannedRun> runs = Planner.plan(study, places.folder(), places.base(), places.data());
        this.inputs = new StudyInputs(study, places, runs);
        this.data = new StudyData(study, places);
    }

    /// The training runs, in order.
    public List<PlannedRun> runs() {
        return inputs.runs();
    }

    @Override
    public Plan plan() {
        return new StudyPlan(study, places, inputs, data).plan();
    }

    @Override
    public void provide(Consumer<List<String>> fetch, Consumer<String> told, Progress progress) {
        data.make(fetch, told, progress);
    }

    @Override
    public Result run(Request request, Progress progress) {
        UnitInputs digests = new UnitInputs(study, inputs);
        StudyIdentity.of(study, digests.base()).claim(places.output());
        Finished finished = new Finished(places, inputs, digests);
        KeptModels models = new KeptModels(study, inputs);
        StudyFiles files = new StudyFiles(study, places, inputs, digests);
        Set<String> neededAgain = new HashSet<>();
        Runnable prepare = () -> {
            new Renames(places, inputs, digests).apply();
            neededAgain.addAll(models.neededAgain(finished, request.only()));
        };
        Runnable changed = () -> {
            models.sweep(finished);
            try {
                files.write(request, finished);
            } catch (UserException e) {
                throw e; // a full disk, say: nothing more can be kept
            } catch (RuntimeException e) {
                LOG.warn("the report could not be written; the study goes on", e);
            }
        };
        Outcome outcome = Units.run(
                units(digests, neededAgain),
                places.state(),
                new Units.Options(request.jobs(), request.only(), prepare, changed),
                progress);
        models.sweep(finished);
        Path report = files.write(request, finished).orElse(places.output().resolve("report.html"));
        return new Result(report, outcome);
    }

    private List<Unit> units(UnitInputs digests, Set<String> neededAgain) {
        List<Unit> units = new ArrayList<>();
        units.add(
                new Unit(Point.BASE, digests.measuring(), List.of(), new BaseWork(study, places, digests.measuring())));
        for (PlannedRun run : runs()) {
            List<String> needs = new ArrayList<>(List.of(Point.BASE));
            inputs.teacherRun(run).ifPresent(teacher -> needs.add(teacher.name()));
            var work = new RunWork(study, places, run, digests.training(run), digests.measurement(run), neededAgain);
            units.add(new Unit(run.name(), digests.unit(run), needs, work));
        }
        return units;
    }

    /// Whether the run of a name is done, by its state on disk.
    private record Finished(StudyPlaces places, StudyInputs inputs, UnitInputs digests) implements Predicate<String> {

        @Override
        public boolean test(String name) {
            return inputs.runs().stream()
                    .filter(run -> run.name().equals(name))
                    .anyMatch(run -> UnitState.read(places.state(), name)
                            .filter(state -> state.done(digests.unit(run)))
                            .isPresent());
        }
    }
}
