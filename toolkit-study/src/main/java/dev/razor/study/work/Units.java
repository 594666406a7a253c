package dev.razor.study.work;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.run.DirectoryLock;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Does a study's units, several at a time, and keeps the state of each on disk ([UnitState]).
///
/// A unit that is done from the same inputs is not done again. One with other inputs puts its old result away
/// ([Unit.Work#discard]) and is done anew. One that failed is tried again at the next start; it stops no other,
/// but those that need it are skipped.
public final class Units {

    private Units() {}

    /// How units are done.
    ///
    /// @param jobs units done at the same time, each with its share of the cores
    /// @param only names of those that are asked for; what they need comes along
    /// @param prepare called once, before any unit is looked at and when no other process is at the study
    /// @param changed called after each unit that ends, by one thread at a time
    public record Options(int jobs, Predicate<String> only, Runnable prepare, Runnable changed) {

        public Options {
            Check.that(jobs > 0, "jobs must be positive, got %d", jobs);
        }

        /// Those of units that need no preparation.
        public Options(int jobs, Predicate<String> only, Runnable changed) {
            this(jobs, only, () -> {}, changed);
        }

        /// Those of someone who does not look on.
        public Options(int jobs, Predicate<String> only) {
            this(jobs, only, () -> {}, () -> {});
        }
    }

    /// Does what is missing.
    ///
    /// @param units in an order in which they could be done one by one
    /// @param stateDirectory where their state is; made where it lacks
    /// @throws ConfigException if another process is at it
    public static Outcome run(List<Unit> units, Path stateDirectory, Options options, Progress progress) {
        Set<String> names = new HashSet<>();
        for (Unit unit : units) {
            Check.that(names.containsAll(unit.needs()), "%s needs units that do not stand before it", unit.name());
            Check.that(names.add(unit.name()), "two units are called %s", unit.name());
        }
        OutputDirectory.createDirectories(stateDirectory);
        try (DirectoryLock _ = DirectoryLock.take(stateDirectory)) {
            options.prepare().run();
            Map<String, UnitState> done = done(units, stateDirectory);
            return outcome(units, new Jobs(wanted(units, options.only()), stateDirectory, options, progress).run(done));
        }
    }

    /// Those that are asked for and all that they need, in order.
    private static List<Unit> wanted(List<Unit> units, Predicate<String> only) {
        Set<String> names = new HashSet<>();
        for (Unit unit : units.reversed()) {
            if (names.contains(unit.name()) || only.test(unit.name())) {
                names.add(unit.name());
                names.addAll(unit.needs());
            }
        }
        return units.stream().filter(unit -> names.contains(unit.name())).toList();
    }

    /// The states of those that need not be done again.
    private static Map<String, UnitState> done(List<Unit> units, Path stateDirectory) {
        Map<String, UnitState> done = new HashMap<>();
        for (Unit unit : units) {
            UnitState.read(stateDirectory, unit.name())
                    .filter(state -> state.done(unit.inputs()) && unit.work().present())
                    .ifPresent(state -> done.put(unit.name(), state));
        }
        return done;
    }

    private static Outcome outcome(List<Unit> units, Map<String, UnitState> ended) {
        List<String> done = new ArrayList<>();
        List<Outcome.Failure> failures = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Unit unit : units) {
            UnitState state = ended.get(unit.name());
            if (state == null) {
                leftOut.add(unit.name());
            } else if (state.status() == UnitState.Status.DONE) {
                done.add(unit.name());
            } else {
                failures.add(
                        new Outcome.Failure(unit.name(), state.reason(), state.status() == UnitState.Status.SKIPPED));
            }
        }
        return new Outcome(done, failures, leftOut);
    }
}
