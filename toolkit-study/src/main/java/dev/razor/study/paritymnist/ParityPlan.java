package dev.razor.study.paritymnist;

import dev.razor.core.base.UserException;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Unit;
import dev.razor.study.work.UnitState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// What a study would do, and how long that takes by steps that are made and measured on the spot.
final class ParityPlan {

    /// Images of MNIST's training set, where the files are not there yet.
    private static final int MNIST = 60_000;

    private ParityPlan() {}

    static Plan of(ParityConfig study, Path file, List<GridRun> runs) {
        List<String> missing = new ArrayList<>();
        Map<String, String> inputs = new LinkedHashMap<>();
        int examples = MNIST;
        Set<String> gone = new HashSet<>();
        boolean fetches = false;
        try {
            Path data = VisionData.folder(study, file);
            List<String> absent = VisionData.missing(data);
            if (study.data() == null) {
                fetches = !absent.isEmpty();
            } else {
                missing.addAll(absent);
            }
            if (absent.isEmpty()) {
                examples = IdxFile.read(Images.Task.NEW.file(data, "train", "labels-idx1"), 1)
                        .bytes()
                        .length;
                try (ParityWork work = new ParityWork(study, data, VisionData.digests(data), runs)) {
                    for (Unit unit : work.units()) {
                        inputs.put(unit.name(), unit.inputs());
                        if (!unit.work().present()) {
                            gone.add(unit.name());
                        }
                    }
                }
            }
        } catch (UserException e) {
            missing.addAll(e.problems());
        }
        Integer limit = study.maxTrainExamples();
        examples = limit == null ? examples : Math.min(limit, examples);
        StepTime time = StepTime.measure(study.hiddenSizes(), Math.min(study.batchSize(), examples));
        return new Rows(study, examples, inputs, gone, time).plan(runs, missing, fetches);
    }

    /// @param inputs of each unit; none where the data are not there
    /// @param gone units whose results are not there
    private record Rows(ParityConfig study, int examples, Map<String, String> inputs, Set<String> gone, StepTime time) {

        Plan plan(List<GridRun> runs, List<String> missing, boolean fetches) {
            List<Plan.Row> rows = new ArrayList<>();
            long steps = 0;
            double seconds = 0;
            for (long seed : study.seeds()) {
                rows.add(row(ParityWork.baseUnit(seed), "base", 0, 0));
                for (GridRun run : runs) {
                    if (run.seed() == seed) {
                        Training training = run.training(study, examples);
                        int measured =
                                training.measured(study.measureEveryEpochs()).size();
                        rows.add(row(
                                run.name(),
                                run.method().name(),
                                training.steps(),
                                time.ofRun(training.steps(), measured)));
                    }
                }
                for (String method : study.dynamics().methods()) {
                    int watched = Math.min(study.dynamics().steps(), Math.ceilDiv(examples, study.batchSize()));
                    rows.add(row(ParityWork.stepsUnit(method, seed), method, watched, time.ofDynamics(watched)));
                }
            }
            for (Plan.Row row : rows) {
                if (row.state() != Plan.State.DONE) {
                    steps += row.steps();
                    seconds += row.seconds().orElse(0);
                }
            }
            List<String> notes = new ArrayList<>();
            if (fetches) {
                notes.add("fetched first: mnist, fashion-mnist");
            }
            notes.add("%,d steps to do, %.1f minutes of one core at %.2f ms a step, measured now; --jobs 2 halves that"
                    .formatted(steps, seconds / 60, time.step() * 1000));
            return new Plan(rows, notes, missing);
        }

        private Plan.Row row(String name, String method, long steps, double seconds) {
            UnitState found =
                    UnitState.read(study.output().resolve("state"), name).orElse(null);
            Plan.State state = found == null || inputs.isEmpty()
                    ? Plan.State.TO_DO
                    : Plan.State.of(found, inputs.getOrDefault(name, ""));
            String reason = found == null ? "" : found.reason();
            if (state == Plan.State.DONE && gone.contains(name)) {
                state = Plan.State.TO_DO;
                reason = "its results are gone or damaged";
            }
            return new Plan.Row(name, method, steps, "", OptionalDouble.of(seconds), state, reason);
        }
    }
}
