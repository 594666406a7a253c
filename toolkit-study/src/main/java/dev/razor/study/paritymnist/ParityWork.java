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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The study's units of work, and where their results lie:
///
/// ```
/// base-seed=N        runs/base-seed=N/points.csv, final.safetensors
/// METHOD-...-seed=N  runs/METHOD-...-seed=N/points.csv; a teacher's final.safetensors
/// steps-METHOD-seed=N  runs/steps-METHOD-seed=N/steps.json
/// ```
///
/// Every unit computes with one core, so that nothing depends on how many are done at a time.
final class ParityWork implements AutoCloseable {

    private final ParityConfig study;
    private final Path output;
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
        this.output = study.output();
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

    /// The file of the points of unit `name`.
    static Path points(Path output, String name) {
        return output.resolve("runs").resolve(name).resolve("points.csv");
    }

    /// The file that a unit of step dynamics writes.
    static Path steps(Path output, String method, long seed) {
        return output.resolve("runs").resolve(stepsUnit(method, seed)).resolve("steps.json");
    }

    private Path weights(String name) {
        return output.resolve("runs").resolve(name).resolve("final.safetensors");
    }

    /// All units, in an order in which they could be done one by one.
    List<Unit> units() {
        List<Unit> units = new ArrayList<>();
        for (long seed : study.seeds()) {
            units.add(unit(baseUnit(seed), inputs.ofBase(seed), List.of(), _ -> makeBase(seed)));
            for (GridRun run : runs) {
                if (run.seed() == seed) {
                    List<String> needs = new ArrayList<>(List.of(baseUnit(seed)));
                    run.teacher().ifPresent(teacher -> needs.add(teacher.name()));
                    units.add(unit(run.name(), inputs.of(run), needs, progress -> train(run, progress)));
                }
            }
            for (String method : study.dynamics().methods()) {
                GridRun watched = watched(method, seed);
                List<String> needs = new ArrayList<>(List.of(baseUnit(seed)));
                watched.teacher().ifPresent(teacher -> needs.add(teacher.name()));
                units.add(unit(stepsUnit(method, seed), inputs.ofSteps(watched), needs, _ -> watchSteps(watched)));
            }
        }
        return List.copyOf(units);
    }

    /// What a unit does, without the setting up.
    private interface Body {
        void run(Progress progress) throws IOException;
    }

    private Unit unit(String name, String follows, List<String> needs, Body body) {
        return new Unit(name, follows, needs, new Unit.Work() {
            @Override
            public void run(Progress progress) throws IOException {
                Threads.one();
                try (GradMode _ = GradMode.off()) {
                    body.run(progress);
                }
            }

            @Override
            public void discard() {
                OutputDirectory.delete(output.resolve("runs").resolve(name));
            }
        });
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
                _ -> new SeedBase(manager, Parameters.load(manager, sizes(), weights(baseUnit(seed))), images(), seed));
    }

    private void makeBase(long seed) throws IOException {
        try (Parameters trained = images().pretrain(manager, sizes(), study.pretraining(), seed)) {
            trained.save(weights(baseUnit(seed)));
        }
        bases.remove(seed);
        Point point = base(seed)
                .measure(baseUnit(seed), Point.BASE, 0, Double.NaN, base(seed).parameters());
        PointsCsv.write(points(output, baseUnit(seed)), List.of(point));
    }

    private void train(GridRun run, Progress progress) throws IOException {
        SeedBase base = base(run.seed());
        try (NDManager own = manager.newSubManager()) {
            Parameters parameters = base.parameters().copy(own);
            Training training = run.training(study, images().newTrain().size());
            List<Integer> measured = training.measured(study.measureEveryEpochs());
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
                parameters.save(weights(run.name()));
            }
            PointsCsv.write(points(output, run.name()), points);
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
                    .write(steps(output, run.method().name(), run.seed()));
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
                Parameters parameters = Parameters.load(own, sizes(), weights(teacher.name()))) {
            return SeedBase.trainLogProbs(parameters, images().newTrain());
        }
    }

    /// The step dynamics that are there, by method, of the first seed.
    Map<String, StepDynamics> dynamics() {
        Map<String, StepDynamics> dynamics = new LinkedHashMap<>();
        for (String method : study.dynamics().methods()) {
            Path file = steps(output, method, study.seeds().getFirst());
            if (Files.exists(file)) {
                dynamics.put(method, StepDynamics.read(file));
            }
        }
        return dynamics;
    }

    @Override
    public void close() {
        manager.close();
    }
}
