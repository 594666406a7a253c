package dev.razor.study.paritymnist;

import dev.razor.core.base.ConfigException;
import dev.razor.core.optim.SchedulerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One training run of the study.
///
/// @param teacher the run that labels for it
record GridRun(
        ParityConfig.Method method,
        double learningRate,
        SchedulerType scheduler,
        int epochs,
        long seed,
        Optional<GridRun> teacher) {

    /// The study's runs: seed by seed, in each a teacher's method before those that need it, else in the order
    /// of the file.
    ///
    /// @throws ConfigException if the teacher is none of the runs, or a method of [ParityConfig.Dynamics] does
    ///     not exist
    static List<GridRun> plan(ParityConfig study, String where) {
        List<ParityConfig.Method> methods = new ArrayList<>(study.methods());
        methods.sort((a, b) -> Boolean.compare(needsTeacher(a), needsTeacher(b)));
        List<GridRun> runs = new ArrayList<>();
        for (long seed : study.seeds()) {
            Optional<GridRun> teacher = Optional.empty();
            for (ParityConfig.Method method : methods) {
                if (needsTeacher(method) && teacher.isEmpty()) {
                    teacher = Optional.of(teacher(study, runs, seed, where));
                }
                for (double learningRate : study.learningRate()) {
                    for (SchedulerType scheduler : study.lrSchedulerType()) {
                        for (int epochs : study.numTrainEpochs()) {
                            Optional<GridRun> labels = needsTeacher(method) ? teacher : Optional.empty();
                            runs.add(new GridRun(method, learningRate, scheduler, epochs, seed, labels));
                        }
                    }
                }
            }
        }
        List<String> names = methods.stream().map(ParityConfig.Method::name).toList();
        for (String method : study.dynamics().methods()) {
            if (!names.contains(method)) {
                throw new ConfigException(
                        "%s: dynamics.methods: there is no method %s; name some of %s".formatted(where, method, names));
            }
        }
        return List.copyOf(runs);
    }

    private static boolean needsTeacher(ParityConfig.Method method) {
        return method.kind() == ParityConfig.Kind.TEACHER;
    }

    private static GridRun teacher(ParityConfig study, List<GridRun> runs, long seed, String where) {
        ParityConfig.Teacher wanted = study.teacher();
        return runs.stream()
                .filter(run -> wanted != null
                        && run.seed == seed
                        && run.method.name().equals(wanted.method())
                        && run.learningRate == wanted.learningRate()
                        && run.scheduler == wanted.lrSchedulerType()
                        && run.epochs == wanted.numTrainEpochs())
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "%s: teacher: the study has no run %s; name a method without one, and values of its lists"
                                .formatted(where, wanted == null ? "that labels" : name(wanted))));
    }

    /// Unlike any other run's.
    String name() {
        return "%s-seed=%d".formatted(name(method.name(), learningRate, scheduler, epochs), seed);
    }

    /// The name of the run that `teacher` means, without a seed.
    private static String name(ParityConfig.Teacher teacher) {
        return name(teacher.method(), teacher.learningRate(), teacher.lrSchedulerType(), teacher.numTrainEpochs());
    }

    private static String name(String method, double learningRate, SchedulerType scheduler, int epochs) {
        return "%s-learning_rate=%s-%s-epochs=%d"
                .formatted(method, shown(learningRate), scheduler.name().toLowerCase(Locale.ROOT), epochs);
    }

    /// `1.26e-4`.
    private static String shown(double value) {
        return Double.toString(value).toLowerCase(Locale.ROOT);
    }

    /// How it trains on `examples` images.
    Training training(ParityConfig study, int examples) {
        return new Training(examples, study.batchSize(), epochs, learningRate, scheduler, study.warmupRatio(), seed);
    }
}
