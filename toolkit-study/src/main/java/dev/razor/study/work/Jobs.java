package dev.razor.study.work;

import dev.razor.core.base.UserException;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Threads that do units as they become ready and keep their states; see [Units].
final class Jobs {

    /// So many of a unit's problems stand in its reason.
    private static final int MOST_PROBLEMS = 5;

    private final List<Unit> units;
    private final Path stateDirectory;
    private final Units.Options options;
    private final Progress progress;

    /// What has become of each unit; without those that wait or run.
    private final Map<String, UnitState> ended = new HashMap<>();

    private final Set<String> begun = new HashSet<>();
    private final Object telling = new Object();
    private @Nullable Throwable broken;

    /// @param units those that are asked for, in an order in which they could be done one by one
    Jobs(List<Unit> units, Path stateDirectory, Units.Options options, Progress progress) {
        this.units = units;
        this.stateDirectory = stateDirectory;
        this.options = options;
        this.progress = progress;
    }

    /// Works in platform threads until all is done. What breaks the bookkeeping itself, a full disk say, stops
    /// all of them.
    ///
    /// @param done states of units that are done already
    /// @return the states of all units that are done, failed or were skipped
    Map<String, UnitState> run(Map<String, UnitState> done) {
        ended.putAll(done);
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
        return ended;
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
                return "needs %s, which %s"
                        .formatted(need, state.status() == UnitState.Status.FAILED ? "failed" : "was skipped");
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
            List<String> problems = e.problems();
            return problems.size() <= MOST_PROBLEMS
                    ? String.join("; ", problems)
                    : "%s; and %d more like these"
                            .formatted(
                                    String.join("; ", problems.subList(0, MOST_PROBLEMS)),
                                    problems.size() - MOST_PROBLEMS);
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
