package dev.razor.eval.code;

import dev.razor.core.base.DataException;
import dev.razor.core.run.Progress;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.sandbox.Verdict;
import dev.razor.core.sandbox.Verdict.Outcome;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs completions against their tests, several at a time.
///
/// @param jobs how many at a time
public record CodeEvaluation(HumanEval task, PythonTests tests, int jobs, Progress progress) {

    /// Every completion with its verdict, in the order of the problems and, within one, of the completions.
    ///
    /// @throws DataException if a problem's own test cannot be run
    public CodeResult run(Completions completions) {
        // Platform threads: a sandbox ends with the thread that started it.
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            List<Future<CodeSample>> futures = new ArrayList<>();
            int index = 0;
            for (Map.Entry<Problem, List<String>> entry : completions.byTask().entrySet()) {
                for (String completion : entry.getValue()) {
                    int place = index;
                    futures.add(pool.submit(() -> judged(place, entry.getKey(), completion)));
                }
                index++;
            }
            try {
                return new CodeResult(task, collected(futures));
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private CodeSample judged(int index, Problem problem, String completion) {
        Verdict verdict = tests.run(problem.pythonTest(task.completion(completion)));
        if (verdict.outcome() == Outcome.BROKEN_TEST) {
            throw new DataException(
                    "%s: test: %s; correct the benchmark's file".formatted(problem.taskId(), verdict.reason()));
        }
        return new CodeSample(index, problem, completion, verdict);
    }

    private List<CodeSample> collected(List<Future<CodeSample>> futures) {
        List<CodeSample> samples = new ArrayList<>();
        int passed = 0;
        for (Future<CodeSample> future : futures) {
            try {
                CodeSample sample = future.get();
                samples.add(sample);
                passed += sample.verdict().passed() ? 1 : 0;
                progress.update("tests", samples.size(), futures.size(), passed + " passed");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (CancellationException) new CancellationException("interrupted").initCause(e);
            }
        }
        return samples;
    }
}
