package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDManager;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tensor.Threads;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import dev.razor.study.work.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The study's units of work: the base of each seed, the training runs, the step dynamics. [ParityFiles] says
/// where their results lie; a unit whose result is gone is done again.
///
/// Every unit computes with one core, so that nothing depends on how many are done at a time.
final class ParityWork implements AutoCloseable {

    private final ParityConfig study;
    private final ParityFiles files;
    private final Path data;
    private final List<GridRun> runs;
    private final ParityInputs inputs;
    private final NDManager manager = Tensors.newManager("cpu");
    private final Map<Long, SeedBase> bases = new ConcurrentHashMap<>();
    private @Nullable VisionData images;

    /// @param data the folder of images
    /// @param digests of its files
    ParityWork(ParityConfig study, Path data, Map<String, String> digests, List<GridRun> runs) {
        this.study = study;
        this.files = new ParityFiles(study.output());
        this.data = data;
        this.runs = runs;
        this.inputs = new ParityInputs(study, digests, runs);
    }

    static String baseUnit(long seed) {
        return "base-seed=" + seed;
    }

    static String stepsUnit(String method, long seed) {
        return "steps-%s-seed=%d".formatted(method, seed);
    }

    /// All units, in an order in which they could be done one by one.
    List<Unit> units() {
        List<Unit> units = new ArrayList<>();
        for (long seed : study.seeds()) {
            String base = baseUnit(seed);
            units.add(new Unit(
                    base,
                    inputs.ofBase(seed),
                    List.of(),
                    new Piece(base, () -> files.hasPoints(base) && files.hasWeights(base), _ -> makeBase(seed))));
            for (GridRun run : runs) {
                if (run.seed() == seed) {
                    String name = run.name();
                    boolean weights = inputs.keepsWeights(run);
                    units.add(new Unit(
                            name,
                            inputs.of(run),
                            needs(run),
                            new Piece(
                                    name,
                                    () -> files.hasPoints(name) && (!weights || files.hasWeights(name)),
                                    progress -> train(run, progress))));
                }
            }
            for (String method : study.dynamics().methods()) {
                GridRun watched = watched(method, seed);
                String name = stepsUnit(method, seed);
                units.add(new Unit(
                        name,
                        inputs.ofSteps(watched),
                        needs(watched),
                        new Piece(name, () -> files.hasSteps(name), _ -> watchSteps(watched))));
            }
        }
        return List.copyOf(units);
    }

    private static List<String> needs(GridRun run) {
        List<String> needs = new ArrayList<>(List.of(baseUnit(run.seed())));
        run.teacher().ifPresent(teacher -> needs.add(teacher.name()));
        return needs;
    }

    /// What a unit does, without the setting up.
    private interface Body {
        void run(Progress progress) throws IOException;
    }

    /// The work of unit `name`.
    private final class Piece implements Unit.Work {

        private final String name;
        private final BooleanSupplier present;
        private final Body body;

        /// @param present whether all that `body` writes is there
        Piece(String name, BooleanSupplier present, Body body) {
            this.name = name;
            this.present = present;
            this.body = body;
        }

        @Override
        public void run(Progress progress) throws IOException {
            Threads.one();
            try (GradMode _ = GradMode.off()) {
                body.run(progress);
            }
        }

        @Override
        public void discard() {
            OutputDirectory.delete(files.folder(name));
        }

        @Override
        public boolean present() {
            return present.getAsBoolean();
        }
    }

    /// The run whose first steps are watched.
    private GridRun watched(String method, long seed) {
        GridRun like = runs.stream()
                .filter(run -> run.seed() == seed && run.method().name().equals(method))
                .findFirst()
                .orElseThrow();
        return new GridRun(like.method(), study.dynamics().learningRate(), like.scheduler(), 1, seed, like.teacher());
    }

    private synchronized VisionData images() {
        if (images == null) {
            images = VisionData.read(manager, data, study.maxTrainExamples(), study.maxTestExamples());
        }
        return images;
    }

    private List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>();
        sizes.add(Math.toIntExact(images().newTrain().inputs().getShape().get(1)));
        sizes.addAll(study.hiddenSizes());
        sizes.add(Images.CLASSES);
        return sizes;
    }

    private SeedBase base(long seed) {
        return bases.computeIfAbsent(
                seed,
                _ -> new SeedBase(
                        manager, Parameters.load(manager, sizes(), files.weights(baseUnit(seed))), images(), seed));
    }

    private void makeBase(long seed) throws IOException {
        try (Parameters trained = images().pretrain(manager, sizes(), study.pretraining(), seed)) {
            trained.save(files.weights(baseUnit(seed)));
        }
        bases.remove(seed);
        Point point = base(seed)
                .measure(baseUnit(seed), Point.BASE, 0, Double.NaN, base(seed).parameters());
        PointsCsv.write(files.points(baseUnit(seed)), List.of(point));
    }

    private void train(GridRun run, Progress progress) throws IOException {
        SeedBase base = base(run.seed());
        try (NDManager own = manager.newSubManager()) {
            Parameters parameters = base.parameters().copy(own);
            Training training = run.training(study, images().newTrain().size());
            Set<Integer> measured = Set.copyOf(training.measured(study.measureEveryEpochs()));
            List<Point> points = new ArrayList<>();
            training.run(
                    training.steps(),
                    parameters,
                    images().newTrain().inputs(),
                    objective(run, base),
                    loss(run, base),
                    (step, loss) -> {
                        if (measured.contains(step)) {
                            points.add(base.measure(
                                    run.name(), run.method().name(), step, run.learningRate(), parameters));
                            progress.update("step", step, training.steps(), "loss %.4f".formatted(loss));
                        }
                    });
            if (inputs.keepsWeights(run)) {
                parameters.save(files.weights(run.name()));
            }
            PointsCsv.write(files.points(run.name()), points);
        }
    }

    private void watchSteps(GridRun run) {
        SeedBase base = base(run.seed());
        try (NDManager own = manager.newSubManager()) {
            StepDynamics.of(
                            own,
                            base,
                            run.training(study, images().newTrain().size()),
                            study.dynamics().steps(),
                            base.parameters().copy(own),
                            objective(run, base),
                            loss(run, base))
                    .write(files.steps(stepsUnit(run.method().name(), run.seed())));
        }
    }

    private LogitLoss loss(GridRun run, SeedBase base) {
        double beta = run.method().beta();
        return beta == 0 ? LogitLoss.PLAIN : new LogitLoss(beta, base.trainLogProbs());
    }

    private Objective objective(GridRun run, SeedBase base) {
        Images train = images().newTrain();
        return MethodLabels.of(
                run.method(),
                train.labels(),
                base::trainLogProbs,
                () -> teacherLogProbs(run.teacher().orElseThrow()));
    }

    private double[] teacherLogProbs(GridRun teacher) {
        try (NDManager own = manager.newSubManager();
                Parameters parameters = Parameters.load(own, sizes(), files.weights(teacher.name()))) {
            return SeedBase.trainLogProbs(parameters, images().newTrain());
        }
    }

    /// The step dynamics that are there, by method, of the first seed.
    Map<String, StepDynamics> dynamics() {
        Map<String, StepDynamics> dynamics = new LinkedHashMap<>();
        for (String method : study.dynamics().methods()) {
            StepDynamics.read(files.steps(stepsUnit(method, study.seeds().getFirst())))
                    .ifPresent(steps -> dynamics.put(method, steps));
        }
        return dynamics;
    }

    @Override
    public void close() {
        manager.close();
    }
}
