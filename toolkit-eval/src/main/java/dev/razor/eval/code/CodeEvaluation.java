package dev.razor.eval.code;

import dev.razor.core.base.DataException;
import dev.razor.core.run.Progress;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.sandbox.Verdict;
import dev.razor.core.sandbox.Verdict.Outcome;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import dev.razor.eval.partial.PartialSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs completions against their tests, several at a time.
///
/// @param jobs how many at a time
public record CodeEvaluation(HumanEval task, PythonTests tests, int jobs, Progress progress) {

    private static final Logger LOG = LoggerFactory.getLogger(CodeEvaluation.class);

    /// A completion and its place among all of them, by which its verdict is kept.
    private record Place(int number, int problemIndex, Problem problem, String completion) {}

    /// Every completion with its verdict, in the order of the problems and, within one, of the completions.
    ///
    /// @param kept verdicts of an interrupted run of the same completions, to which those given now are added
    /// @throws DataException if a problem's own test cannot be run
    public CodeResult run(Completions completions, PartialSamples kept) {
        return run(completions, kept.done(), kept::append);
    }

    /// As [#run(Completions, PartialSamples)], with verdicts that are not kept.
    public CodeResult run(Completions completions) {
        return run(completions, Map.of(), (_, _) -> {});
    }

    private CodeResult run(
            Completions completions, Map<Integer, ObjectNode> done, BiConsumer<Integer, ObjectNode> keep) {
        List<Place> places = places(completions);
        if (!done.isEmpty()) {
            LOG.info("{}: {} of {} verdicts are there already", task.taskName(), done.size(), places.size());
        }
        // Platform threads: a sandbox ends with the thread that started it.
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            List<Future<CodeSample>> futures = new ArrayList<>();
            for (Place place : places) {
                ObjectNode line = done.get(place.number());
                futures.add(
                        line == null
                                ? pool.submit(() -> judged(place, keep))
                                : CompletableFuture.completedFuture(sample(place, verdict(line))));
            }
            try {
                return new CodeResult(task, completions.problems().size(), collected(futures));
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static List<Place> places(Completions completions) {
        List<Place> places = new ArrayList<>();
        completions.byTask().forEach((problem, texts) -> {
            int index = completions.problems().indexOf(problem);
            texts.forEach(text -> places.add(new Place(places.size(), index, problem, text)));
        });
        return places;
    }

    private static CodeSample sample(Place place, Verdict verdict) {
        return new CodeSample(place.problemIndex(), place.problem(), place.completion(), verdict);
    }

    private static Verdict verdict(ObjectNode line) {
        return new Verdict(
                Outcome.valueOf(line.path("outcome").asString("")),
                line.path("reason").asString(""));
    }

    private CodeSample judged(Place place, BiConsumer<Integer, ObjectNode> keep) {
        Problem problem = place.problem();
        Verdict verdict = tests.run(problem.pythonTest(task.completion(place.completion())));
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted"); // the verdict may be of a program that was ended for it
        }
        if (verdict.outcome() == Outcome.BROKEN_TEST) {
            throw new DataException(
                    "%s: test: %s; correct the benchmark's file".formatted(problem.taskId(), verdict.reason()));
        }
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("outcome", verdict.outcome().name())
                .put("reason", verdict.reason());
        synchronized (keep) {
            keep.accept(place.number(), line);
        }
        return sample(place, verdict);
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
