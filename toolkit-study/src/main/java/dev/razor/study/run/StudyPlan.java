package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.bench.MatmulRate;
import dev.razor.core.plan.PlannedModel;
import dev.razor.study.points.Point;
import dev.razor.study.run.StudyConfig.Measured;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Plan.State;
import dev.razor.study.work.UnitState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a study would do: its runs, what stands on disk of each, and what the rest will take.
final class StudyPlan {

    private final StudyConfig study;
    private final StudyPlaces places;
    private final StudyInputs inputs;
    private final StudyData data;
    private final List<String> missing;
    private final @Nullable UnitInputs digests;
    private final RecordCounts counts = new RecordCounts();
    private final Map<String, Optional<RunSize>> sizes = new HashMap<>();

    /// What runs are called on disk, by the names that they have now.
    private final Map<String, String> renames;

    /// Done runs whose deleted models are needed again.
    private final Set<String> neededAgain = new HashSet<>();

    /// @param inputs what the study reads; files of it may be missing
    StudyPlan(StudyConfig study, StudyPlaces places, StudyInputs inputs, StudyData data) {
        this.study = study;
        this.places = places;
        this.inputs = inputs;
        this.data = data;
        this.missing = new ArrayList<>(data.problems());
        missing.addAll(UnitInputs.missing(inputs, data::brings));
        this.digests = missing.isEmpty() && data.isComplete() ? new UnitInputs(study, inputs) : null;
        if (digests != null) {
            missing.addAll(StudyIdentity.of(study, digests.base()).problems(places.output()));
        }
        this.renames = digests == null ? Map.of() : new Renames(places, inputs, digests).found();
        inputs.runs().forEach(run -> sizes.put(run.name(), RunSize.of(run, counts)));
    }

    Plan plan() {
        Map<String, UnitState> states = new HashMap<>();
        Map<String, Double> measured = new HashMap<>();
        for (PlannedRun run : inputs.runs()) {
            String name = renames.getOrDefault(run.name(), run.name());
            UnitState.read(places.state(), name).ifPresent(state -> {
                states.put(run.name(), state);
                if (state.done(inputsNow(run, state)) && state.attempts() == 1) {
                    size(run)
                            .ifPresent(size -> measured.merge(
                                    run.method(), state.seconds() / Math.max(1, size.steps()), Math::max));
                }
            });
        }
        neededAgain.addAll(new KeptModels(study, inputs)
                .neededAgain(
                        name -> inputs.runs().stream()
                                .anyMatch(run -> run.name().equals(name) && done(run, states.get(name))),
                        _ -> true));
        boolean arithmetic = inputs.runs().stream()
                .anyMatch(run -> !measured.containsKey(run.method()) && !done(run, states.get(run.name())));
        RunTime time = arithmetic ? time() : null;
        List<Plan.Row> rows = new ArrayList<>();
        for (PlannedRun run : inputs.runs()) {
            UnitState state = states.get(run.name());
            rows.add(new Plan.Row(
                    run.name(),
                    run.method(),
                    size(run)
                            .map(RunSize::steps)
                            .orElse(Math.max(0L, run.arguments().maxSteps())),
                    size(run).map(RunSize::text).orElse(""),
                    seconds(run, state, measured, time),
                    state(run, state),
                    renames.containsKey(run.name()) ? "was called " + renames.get(run.name()) : reason(run, state)));
        }
        return new Plan(rows, notes(rows, measured, time), missing);
    }

    private Optional<RunSize> size(PlannedRun run) {
        return sizes.getOrDefault(run.name(), Optional.empty());
    }

    /// The inputs that a run has now; where they cannot be told, those it had.
    private String inputsNow(PlannedRun run, UnitState found) {
        return digests == null ? found.inputs() : digests.unit(run);
    }

    private boolean done(PlannedRun run, @Nullable UnitState state) {
        return !neededAgain.contains(run.name())
                && state != null
                && state.done(inputsNow(run, state))
                && !isGone(run, state);
    }

    /// Whether measurements of a run that was done have been deleted since.
    private boolean isGone(PlannedRun run, UnitState state) {
        if (digests == null || !state.done(digests.unit(run))) {
            return false;
        }
        try {
            String name = renames.getOrDefault(run.name(), run.name());
            return !Checkpoints.measured(
                    places.run(name),
                    places.measurements(name),
                    study.measure() == Measured.FINAL,
                    digests.measurement(run));
        } catch (UserException _) {
            return true; // torn; the attempt names the file
        }
    }

    private State state(PlannedRun run, @Nullable UnitState found) {
        if (neededAgain.contains(run.name())) {
            return State.CHANGED;
        }
        if (found != null && isGone(run, found)) {
            return State.TO_DO;
        }
        return found == null ? State.TO_DO : State.of(found, inputsNow(run, found));
    }

    private String reason(PlannedRun run, @Nullable UnitState found) {
        if (found != null && isGone(run, found)) {
            return "a measurement is gone; made again";
        }
        if (found == null || digests == null || state(run, found) != State.CHANGED) {
            return found == null ? "" : found.reason();
        }
        if (neededAgain.contains(run.name())) {
            return "trained again: its model is a teacher's, and was deleted (keep_models: none)";
        }
        Path marker = places.trainingInputs(run.name());
        try {
            if (Files.exists(marker) && Files.readString(marker).strip().equals(digests.training(run))) {
                return Checkpoints.trained(run.directory())
                        ? "measured anew"
                        : "trained again to be measured anew: its models were deleted (keep_models: none)";
            }
            return "trained anew; what it made before goes to %s".formatted(places.replaced(run.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OptionalDouble seconds(
            PlannedRun run, @Nullable UnitState state, Map<String, Double> measured, @Nullable RunTime time) {
        if (state != null && done(run, state)) {
            return OptionalDouble.of(state.seconds());
        }
        Optional<RunSize> size = size(run);
        Double perStep = measured.get(run.method());
        if (size.isEmpty() || (perStep == null && time == null)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                perStep != null
                        ? perStep * size.get().steps()
                        : Objects.requireNonNull(time).seconds(size.get(), run.arguments()));
    }

    /// The arithmetic of time; null where the base is not there.
    private @Nullable RunTime time() {
        try {
            PlannedModel model = PlannedModel.read(places.base());
            double rate = MatmulRate.measure(
                    study.device(), model.computeType(inputs.runs().getFirst().arguments()));
            return new RunTime(rate, model, study, measuring());
        } catch (UserException _) {
            return null; // what is missing is said as missing
        }
    }

    private RunTime.MeasuringSize measuring() {
        double tokens = 0;
        for (Path file : inputs.benchmarkFiles()) {
            var size = counts.of(file);
            int limit = study.benchmarks().limit();
            if (size.isPresent()) {
                tokens += limit > 0
                        ? Math.min(limit, size.get().records()) * size.get().tokensEach()
                        : size.get().tokens();
            }
        }
        return new RunTime.MeasuringSize(
                tokens,
                records(study.task().test()),
                records(study.task().klPrompts()) * study.meters().samples());
    }

    private double records(Path file) {
        return counts.of(places.data().resolve(file))
                .map(RecordCounts.Size::records)
                .orElse(0L);
    }

    private List<String> notes(List<Plan.Row> rows, Map<String, Double> measured, @Nullable RunTime time) {
        List<String> notes = new ArrayList<>();
        long toDo = rows.stream().filter(row -> row.state() != State.DONE).count();
        boolean allKnown = rows.stream().allMatch(row -> row.seconds().isPresent());
        double seconds = rows.stream()
                .filter(row -> row.state() != State.DONE)
                .mapToDouble(row -> row.seconds().orElse(0))
                .sum();
        String source = measured.isEmpty()
                ? "by arithmetic, rough"
                : time == null ? "by the seconds of runs that are done" : "by runs that are done, else by arithmetic";
        notes.add(
                toDo == 0
                        ? "%d runs, all done".formatted(rows.size())
                        : "%d runs, %d to do: %s"
                                .formatted(
                                        rows.size(),
                                        toDo,
                                        allKnown
                                                ? "about %s one after the other (%s)"
                                                        .formatted(Plan.duration(seconds), source)
                                                : "time unknown"));
        notes.addAll(data.notes());
        notes.addAll(new StudyRoom(study, places, inputs, this::size).notes());
        List<String> others = leftOver();
        if (!others.isEmpty()) {
            notes.add("on disk, no longer in the file, left alone and not in points.csv: " + String.join(", ", others));
        }
        return notes;
    }

    /// Runs with a state that the file does not name any more.
    private List<String> leftOver() {
        if (!Files.isDirectory(places.state())) {
            return List.of();
        }
        Set<String> named = new HashSet<>(Set.of(Point.BASE));
        named.addAll(renames.values());
        inputs.runs().forEach(run -> named.add(run.name()));
        try (Stream<Path> files = Files.list(places.state())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .filter(name -> !named.contains(name))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
