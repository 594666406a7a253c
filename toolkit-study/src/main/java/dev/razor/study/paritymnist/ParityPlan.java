package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.UserException;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tensor.Threads;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Unit;
import dev.razor.study.work.UnitState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What a study would do, and how long that takes by steps that are made and measured on the spot.
final class ParityPlan {

    /// Images of MNIST's training set, where the files are not there yet.
    private static final int MNIST = 60_000;

    /// What one measurement takes, in steps.
    private static final int STEPS_A_MEASUREMENT = 45;

    /// What a step of the dynamics takes, in steps.
    private static final int STEPS_A_WATCHED_STEP = 25;

    private static final int TIMED_STEPS = 60;

    private ParityPlan() {}

    static Plan of(ParityConfig study, Path file, List<GridRun> runs) {
        List<String> missing = new ArrayList<>();
        Map<String, String> inputs = new LinkedHashMap<>();
        int examples = MNIST;
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
                    }
                }
            }
        } catch (UserException e) {
            missing.addAll(e.problems());
        }
        Integer limit = study.maxTrainExamples();
        return new Rows(study, limit == null ? examples : Math.min(limit, examples), inputs, secondsAStep(study))
                .plan(runs, missing, fetches);
    }

    /// @param inputs of each unit; none where the data are not there
    private record Rows(ParityConfig study, int examples, Map<String, String> inputs, double secondsAStep) {

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
                                training.steps() + (long) STEPS_A_MEASUREMENT * measured));
                    }
                }
                for (String method : study.dynamics().methods()) {
                    int watched = study.dynamics().steps();
                    rows.add(row(
                            ParityWork.stepsUnit(method, seed),
                            method,
                            watched,
                            (long) STEPS_A_WATCHED_STEP * watched));
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
                    .formatted(steps, seconds / 60, secondsAStep * 1000));
            return new Plan(rows, notes, missing);
        }

        private Plan.Row row(String name, String method, long steps, long work) {
            UnitState found =
                    UnitState.read(study.output().resolve("state"), name).orElse(null);
            Plan.State state = found == null || inputs.isEmpty()
                    ? Plan.State.TO_DO
                    : Plan.State.of(found, inputs.getOrDefault(name, ""));
            return new Plan.Row(
                    name,
                    method,
                    steps,
                    "",
                    OptionalDouble.of(work * secondsAStep),
                    state,
                    found == null ? "" : found.reason());
        }
    }

    /// Makes some steps on made-up images.
    private static double secondsAStep(ParityConfig study) {
        Threads.one();
        try (NDManager manager = Tensors.newManager("cpu")) {
            List<Integer> sizes = new ArrayList<>(List.of(785));
            sizes.addAll(study.hiddenSizes());
            sizes.add(Images.CLASSES);
            int examples = study.batchSize() * TIMED_STEPS;
            NDArray inputs = Tensors.zeros(manager, Dtype.FLOAT32, examples, 785);
            inputs.addi(0.5);
            Training training = new Training(examples, study.batchSize(), 1, 1e-4, SchedulerType.CONSTANT, 0, 0);
            double[] targets = MethodLabels.labels(new byte[examples], 1);
            long[] start = new long[1];
            training.run(
                    TIMED_STEPS,
                    Parameters.initial(manager, sizes, 0),
                    inputs,
                    new Objective.Supervised(targets, false),
                    LogitLoss.PLAIN,
                    (step, _) -> {
                        if (step == TIMED_STEPS / 3) {
                            start[0] = System.nanoTime();
                        }
                    });
            return (System.nanoTime() - start[0]) * 1e-9 / (TIMED_STEPS - TIMED_STEPS / 3);
        }
    }
}
