package dev.razor.study.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.DirectoryLock;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnitsTest {

    @TempDir
    private Path directory;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private Unit unit(String name, String inputs, String... needs) {
        return new Unit(name, inputs, Arrays.asList(needs), new Unit.Work() {
            @Override
            public void run(Progress progress) {
                log.add(name);
            }

            @Override
            public void discard() {
                log.add("discard " + name);
            }
        });
    }

    private static Unit failing(String name, RuntimeException e) {
        return new Unit(name, "1", List.of(), _ -> {
            throw e;
        });
    }

    private Outcome run(Unit... units) {
        return run(new Units.Options(1, _ -> true), units);
    }

    private Outcome run(Units.Options options, Unit... units) {
        return Units.run(List.of(units), directory, options, Progress.silent());
    }

    private UnitState state(String name) {
        return UnitState.read(directory, name).orElseThrow();
    }

    @Test
    void run_doneWithTheSameInputs_isNotDoneAgain() {
        run(unit("a", "1"), unit("b", "1", "a"));
        log.clear();
        Outcome outcome = run(unit("a", "1"), unit("b", "2", "a"), unit("c", "1"));
        assertThat(log).containsExactly("discard b", "b", "discard c", "c");
        assertThat(outcome.done()).containsExactly("a", "b", "c");
        assertThat(state("b").inputs()).isEqualTo("2");
        assertThat(state("a").status()).isEqualTo(UnitState.Status.DONE);
    }

    @Test
    void run_interrupted_goesOnWithoutDiscarding() {
        new UnitState("1", UnitState.Status.RUNNING, "", java.time.Instant.now(), 0, 1, 1).write(directory, "a");
        run(unit("a", "1"));
        assertThat(log).containsExactly("a");
        assertThat(state("a").attempts()).isEqualTo(2);
    }

    @Test
    void run_failed_stopsNoOther_skipsWhatNeedsIt_andIsTriedAgain() throws IOException {
        Outcome outcome = run(
                failing("user", new DataException("x.jsonl: line 3: no prompt; add one")),
                failing("bug", new IllegalStateException("two\nlines")),
                unit("needs", "1", "user"),
                unit("needs2", "1", "needs"),
                unit("other", "1"));
        assertThat(outcome.done()).containsExactly("other");
        assertThat(outcome.failures())
                .containsExactly(
                        new Outcome.Failure("user", "x.jsonl: line 3: no prompt; add one", false),
                        new Outcome.Failure(
                                "bug",
                                "java.lang.IllegalStateException: two (see %s)".formatted(directory.resolve("bug.log")),
                                false),
                        new Outcome.Failure("needs", "needs user, which failed", true),
                        new Outcome.Failure("needs2", "needs needs, which was skipped", true));
        assertThat(Files.readString(directory.resolve("bug.log"))).contains("UnitsTest");
        assertThat(state("user").status()).isEqualTo(UnitState.Status.FAILED);
        assertThat(state("needs").status()).isEqualTo(UnitState.Status.SKIPPED);
        log.clear();
        Outcome second = run(unit("user", "1"), unit("bug", "1"), unit("needs", "1", "user"), unit("other", "1"));
        assertThat(second.failures()).isEmpty();
        assertThat(log).containsExactly("user", "bug", "discard needs", "needs");
        assertThat(directory.resolve("bug.log")).doesNotExist();
    }

    @Test
    void run_only_takesAlongWhatIsNeeded_andSaysWhatIsLeftOut() {
        Unit[] units = {unit("base", "1"), unit("a", "1", "base"), unit("b", "1", "a"), unit("c", "1", "base")};
        Outcome outcome = run(new Units.Options(1, "b"::equals), units);
        assertThat(outcome.done()).containsExactly("base", "a", "b");
        assertThat(outcome.leftOut()).containsExactly("c");
        Outcome second = run(new Units.Options(1, "c"::equals), units);
        assertThat(second.done()).containsExactly("base", "a", "b", "c");
        assertThat(second.leftOut()).isEmpty();
    }

    @Test
    void run_jobs_workAtTheSameTime_andInTheOrderOfNeeds() {
        CyclicBarrier both = new CyclicBarrier(2); // passed only by two units at once
        Unit.Work meet = _ -> {
            try {
                both.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        AtomicInteger changes = new AtomicInteger();
        Outcome outcome = run(
                new Units.Options(2, _ -> true, changes::incrementAndGet),
                new Unit("a", "1", List.of(), meet),
                new Unit("b", "1", List.of(), meet),
                unit("c", "1", "a", "b"));
        assertThat(outcome.done()).containsExactly("a", "b", "c");
        assertThat(changes).hasValue(3);
    }

    @Test
    void run_twoProcesses_theSecondIsRefusedInOneLine() {
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            assertThatThrownBy(() -> run(unit("a", "1")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageMatching("output: another process is writing to .*; wait for it, or stop it");
        }
        assertThat(log).isEmpty();
    }

    @Test
    void read_notAState_saysWhatToDo() throws IOException {
        Files.writeString(directory.resolve("a.json"), "{\"inputs\": \"1\", \"status\": \"maybe\"}");
        assertThatThrownBy(() -> run(unit("a", "1")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a.json: is not the state of a unit of work");
    }
}
