package dev.razor.study.work;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.run.DirectoryLock;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Threads;
import dev.razor.study.points.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Does a study's units, several at a time, and keeps the state of each on disk ([UnitState]).
///
/// A unit that is done from the same inputs is not done again. One with other inputs puts its old result away
/// ([Unit.Work#discard]) and is done anew. One that failed is tried again at the next start; it stops no other, but
/// those that need it are skipped.
public final class Units {

    private final List<Unit> units;
    private final Path stateDirectory;
    private final Options options;
    private final Progress progress;

    /// What has become of each unit in this run; without those that wait or run.
    private final Map<String, UnitState> ended = new HashMap<>();

    private final Set<String> begun = new HashSet<>();
    private final Object telling = new Object();
    private @Nullable Throwable broken;

    private Units(List<Unit> units, Path stateDirectory, Options options, Progress progress) {
        this.units = units;
        this.stateDirectory = stateDirectory;
        this.options = options;
        this.progress = progress;
    }

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
            return new Units(wanted(units, options.only()), stateDirectory, options, progress).runAll(units);
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

    private Outcome runAll(List<Unit> all) {
        Map<String, UnitState> states = new LinkedHashMap<>();
        for (Unit unit : all) {
            UnitState.read(stateDirectory, unit.name())
                    .filter(state -> state.done(unit.inputs()) && unit.work().present())
                    .ifPresent(state -> states.put(unit.name(), state));
        }
        ended.putAll(states);
        work();
        List<String> done = new ArrayList<>();
        List<Outcome.Failure> failures = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Unit unit : all) {
            UnitState state = ended.get(unit.name());
            if (state == null) {
                leftOut.add(unit.name());
            } else if (state.status() == UnitState.Status.DONE) {
                done.add(unit.name());
            } else {
                failures.add(new Outcome.Failure(
                        unit.name(), state.reason(), state.status() == UnitState.Status.SKIPPED));
            }
        }
        return new Outcome(done, failures, leftOut);
    }

    /// Works in `jobs` platform threads until all is done. What breaks the bookkeeping itself, a full disk say, stops
    /// them all.
    private void work() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < options.jobs(); i++) {
            threads.add(Thread.ofPlatform().name("job-" + (i + 1)).start(() -> {
                try {
                    Threads.shareCores(options.jobs());
                    for (Unit unit = next(); unit != null; unit = next()) {
                        run(unit);
                    }
                } catch (Throwable e) {
                    breakOff(e);
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; units that were begun go on with the next start", e);
        }
        rethrow();
    }

    private synchronized void breakOff(Throwable e) {
        if (broken == null) {
            broken = e;
        }
        notifyAll();
    }

    private synchronized void rethrow() {
        switch (broken) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> throw OutputDirectory.cannotWrite(stateDirectory.toString(), e);
            default -> throw new IllegalStateException(broken);
        }
    }

    /// The first unit that can be begun; waits for one. Null when nothing is left.
    private synchronized @Nullable Unit next() throws InterruptedException {
        while (broken == null) {
            boolean waiting = false;
            for (Unit unit : units) {
                if (ended.containsKey(unit.name()) || begun.contains(unit.name())) {
                    continue;
                }
                if (ended.keySet().containsAll(unit.needs())) {
                    begun.add(unit.name());
                    return unit;
                }
                waiting = true;
            }
            if (!waiting) {
                return null;
            }
            wait();
        }
        return null;
    }

    private void run(Unit unit) throws IOException {
        UnitState before = UnitState.read(stateDirectory, unit.name()).orElse(null);
        boolean same = before != null && before.inputs().equals(unit.inputs());
        int attempts = before == null ? 1 : before.attempts() + 1;
        UnitState state = new UnitState(
                unit.inputs(),
                UnitState.Status.RUNNING,
                "",
                Instant.now(),
                0,
                attempts,
                ProcessHandle.current().pid());
        String missing = missing(unit);
        if (!missing.isEmpty()) {
            // With the inputs of what lies there: that is put away when the unit is begun.
            UnitState skipped = new UnitState(
                    before == null ? "" : before.inputs(),
                    UnitState.Status.SKIPPED,
                    missing,
                    state.started(),
                    0,
                    before == null ? 0 : before.attempts(),
                    state.pid());
            end(unit, skipped);
            return;
        }
        if (!same) {
            unit.work().discard();
        }
        Files.deleteIfExists(log(unit));
        state.write(stateDirectory, unit.name());
        long start = System.nanoTime();
        String reason = attempt(unit);
        double seconds = (System.nanoTime() - start) * 1e-9;
        end(unit, state.ended(reason.isEmpty() ? UnitState.Status.DONE : UnitState.Status.FAILED, reason, seconds));
    }

    /// Why the unit cannot be begun: what it needs has failed. Empty where it can.
    private synchronized String missing(Unit unit) {
        for (String need : unit.needs()) {
            UnitState state = ended.get(need);
            if (state != null && state.status() != UnitState.Status.DONE) {
                return "needs %s, which %s".formatted(
                        need, state.status() == UnitState.Status.FAILED ? "failed" : "was skipped");
            }
        }
        return "";
    }

    /// Does the unit; gives the reason in one line if it fails.
    private String attempt(Unit unit) {
        try {
            unit.work().run((what, done, total, detail) -> tell(unit, what, done, total, detail));
            return "";
        } catch (UserException e) {
            return String.join("; ", e.problems());
        } catch (Throwable e) {
            // A bug or a lack of memory in one run says nothing of the others.
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            AtomicFile.write(log(unit), trace.toString());
            return "%s (see %s)".formatted(e.toString().lines().findFirst().orElse(""), log(unit));
        }
    }

    private Path log(Unit unit) {
        return stateDirectory.resolve(unit.name() + ".log");
    }

    private synchronized void tell(Unit unit, String what, long done, long total, String detail) {
        String place = "%s (%d of %d)".formatted(unit.name(), units.indexOf(unit) + 1, units.size());
        progress.update(what.isEmpty() ? place : place + " " + what, done, total, detail);
    }

    private void end(Unit unit, UnitState state) {
        synchronized (this) {
            state.write(stateDirectory, unit.name());
            ended.put(unit.name(), state);
            notifyAll();
        }
        synchronized (telling) {
            options.changed().run();
        }
    }
}
