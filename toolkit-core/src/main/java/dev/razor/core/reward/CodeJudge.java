package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.sandbox.Limits;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.sandbox.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The reward [Code] at work: several programs at a time, each in a sandbox of its own.
///
/// @param threads platform threads that live as long as this: a sandboxed process ends with the thread that
/// started it
record CodeJudge(Code code, PythonTests tests, ExecutorService threads) implements Judge {

    /// Finds the sandbox.
    ///
    /// @param timeout seconds that a program and its test may take
    /// @throws dev.razor.core.base.ConfigException of one line where there is none, which says how to get one
    static CodeJudge open(Code code, double timeout) {
        Limits limits = Limits.DEFAULT.withTime(Duration.ofMillis(Math.round(timeout * 1000)));
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
        return new CodeJudge(
                code,
                new PythonTests(Sandbox.find(), limits),
                Executors.newFixedThreadPool(
                        count, Thread.ofPlatform().name("code-", 0).daemon().factory()));
    }

    @Override
    public String name() {
        return code.name();
    }

    @Override
    public void require(JsonRecord record) {
        code.require(record);
    }

    @Override
    public List<Verdict> score(List<Answer> answers) {
        List<Future<Verdict>> running = answers.stream()
                .map(answer -> threads.submit(() -> judge(answer)))
                .toList();
        List<Verdict> verdicts = new ArrayList<>();
        for (Future<Verdict> one : running) {
            verdicts.add(verdict(one));
        }
        return verdicts;
    }

    private static Verdict verdict(Future<Verdict> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            return Verdict.failed("threw " + e.getCause());
        } catch (CancellationException e) {
            return Verdict.failed("was cancelled");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.failed("was interrupted");
        }
    }

    private Verdict judge(Answer answer) {
        var verdict = tests.run(Code.test(answer.record(), answer.text()));
        return switch (verdict.outcome()) {
            case BROKEN_TEST -> Verdict.failed("the record's test does not work: " + verdict.reason());
            default -> Verdict.of(verdict.passed() ? 1 : 0);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
