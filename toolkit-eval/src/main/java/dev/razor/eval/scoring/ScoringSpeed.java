package dev.razor.eval.scoring;

import dev.razor.core.bench.Spread;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.TokenizedRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How long a model takes to score a benchmark's requests, with what they have in common computed once and apart.
///
/// Both ways are timed in turns over the same parts of the requests, so that a machine whose speed changes slows
/// both. A turn's ratio is that of the sums over all parts.
///
/// @param benchmark its name
/// @param numFewshot examples before each question
/// @param requests how many are scored
/// @param tokens that the model reads where every request is computed apart
/// @param computed tokens that it reads with sharing
/// @param apart seconds of a turn without sharing
/// @param shared seconds of a turn with it
/// @param speedup the ratio of the two, turn by turn
/// @param largestDifference between the two log-likelihoods of a request
/// @param otherGreedy requests whose greedy flag differs
public record ScoringSpeed(
        String benchmark,
        int numFewshot,
        int requests,
        long tokens,
        long computed,
        Spread apart,
        Spread shared,
        Spread speedup,
        double largestDifference,
        int otherGreedy) {

    private static final int PART = 256;

    /// Measures.
    ///
    /// @param batchSize as in [ModelLogLikelihoods]
    /// @param turns how often both ways are timed
    public static ScoringSpeed measure(
            PretrainedModel model,
            MultipleChoiceBenchmark benchmark,
            Path data,
            Evaluator.Options options,
            int batchSize,
            int turns,
            Progress progress) {
        EncodePair pairs = EncodePair.of(model.tokenizer(), model.model().contextLength());
        List<TokenizedRequest> requests = new Evaluator(pairs, _ -> List.of()).requests(benchmark, data, options);
        var apart = new ModelLogLikelihoods(model, batchSize, Progress.silent(), false);
        var shared = new ModelLogLikelihoods(model, batchSize, Progress.silent(), true);
        List<List<TokenizedRequest>> parts = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += PART) {
            parts.add(requests.subList(from, Math.min(requests.size(), from + PART)));
        }
        shared.score(parts.getFirst()); // warms up
        double[] apartSeconds = new double[turns];
        double[] sharedSeconds = new double[turns];
        double largest = 0;
        int other = 0;
        for (int turn = 0; turn < turns; turn++) {
            for (int part = 0; part < parts.size(); part++) {
                boolean apartFirst = (turn + part) % 2 == 0;
                Timed one = Timed.of(apartFirst ? apart : shared, parts.get(part));
                Timed two = Timed.of(apartFirst ? shared : apart, parts.get(part));
                apartSeconds[turn] += apartFirst ? one.seconds : two.seconds;
                sharedSeconds[turn] += apartFirst ? two.seconds : one.seconds;
                for (int i = 0; i < parts.get(part).size(); i++) {
                    LogLikelihood a = one.scores.get(i);
                    LogLikelihood b = two.scores.get(i);
                    largest = Math.max(largest, Math.abs(a.sum() - b.sum()));
                    other += turn == 0 && a.greedy() != b.greedy() ? 1 : 0;
                }
                progress.update(
                        benchmark.name(), (long) turn * parts.size() + part + 1, (long) turns * parts.size(), "");
            }
        }
        double[] ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            ratios[turn] = apartSeconds[turn] / sharedSeconds[turn];
        }
        return new ScoringSpeed(
                benchmark.name(),
                options.numFewshot(),
                requests.size(),
                tokens(apart, parts),
                tokens(shared, parts),
                Spread.of(apartSeconds),
                Spread.of(sharedSeconds),
                Spread.of(ratios),
                largest,
                other);
    }

    private record Timed(List<LogLikelihood> scores, double seconds) {

        static Timed of(ModelLogLikelihoods scoring, List<TokenizedRequest> requests) {
            long start = System.nanoTime();
            List<LogLikelihood> scores = scoring.score(requests);
            return new Timed(scores, (System.nanoTime() - start) / 1e9);
        }
    }

    private static long tokens(ModelLogLikelihoods scoring, List<List<TokenizedRequest>> parts) {
        return parts.stream()
                .flatMap(part -> scoring.batches(part).stream())
                .mapToLong(batch -> batch.tree().tokens())
                .sum();
    }
}
