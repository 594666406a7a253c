package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.List;

/// `greedy.json`: the most probable continuation of each prompt, no token of which ends it.
///
/// With the cache the prompts are continued in one batch, though they differ in length. Without it one forward
/// pass over prompt and golden continuation asks whether each of its tokens is the model's first choice, which
/// by induction is the same as decoding.
final class GreedyChecks {

    private GreedyChecks() {}

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("greedy.json");
        List<int[]> prompts = Prompts.read(subject);
        List<GoldenValue> expected = golden.get("continuations").list();
        if (expected.size() != prompts.size()) {
            throw new DataException("%s: continues %d prompts, prompts.json holds %d; restore the file"
                    .formatted(golden.where(), expected.size(), prompts.size()));
        }
        withCache(subject, judge, golden.get("new_tokens").integer(), prompts, expected);
        withoutCache(subject, judge, prompts, expected);
    }

    private static void withCache(
            Subject subject, Judge judge, int newTokens, List<int[]> prompts, List<GoldenValue> expected) {
        List<Completion> written = new Generator(
                        subject.base().model(), subject.base().manager(), prompts.size())
                .complete(prompts.stream().map(ids -> new Prompt(ids, 0)).toList(), SamplingOptions.greedy(newTokens));
        Differences ids = new Differences();
        Deviation logProbs = new Deviation();
        for (int i = 0; i < prompts.size(); i++) {
            int[] golden = subject.ids(expected.get(i).get("ids"));
            ids.compare("prompt %d".formatted(i), written.get(i).ids(), golden);
            double[] goldenLogProbs = expected.get(i).get("logprobs").numbers();
            Deviation.requireEqualLength(expected.get(i).where() + ".logprobs", golden.length, goldenLogProbs.length);
            // after the first other choice the two continue different texts
            for (int t = 0;
                    t < Math.min(golden.length, newTokens) && written.get(i).ids()[t] == golden[t];
                    t++) {
                logProbs.add(
                        "prompt %d token %d".formatted(i, t), written.get(i).logProbs()[t], goldenLogProbs[t]);
            }
        }
        judge.decision("greedy.cached.ids", ids);
        judge.nats("greedy.cached.logprobs", logProbs, "greedy.logprobs_max_abs");
    }

    private static void withoutCache(Subject subject, Judge judge, List<int[]> prompts, List<GoldenValue> expected) {
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            sequences.add(
                    TokenSequence.of(prompts.get(i), subject.ids(expected.get(i).get("ids"))));
        }
        List<TokenLogProbs.Scores> scores = new SequenceScorer(
                        subject.base().model(), subject.base().manager(), 1, Subject.BATCH_SIZE)
                .score(sequences, false);
        Differences choices = new Differences();
        Deviation logProbs = new Deviation();
        Deviation margins = new Deviation();
        for (int i = 0; i < prompts.size(); i++) {
            String where = "prompt %d".formatted(i);
            boolean[] greedy = scores.get(i).greedy();
            for (int t = 0; t < greedy.length; t++) {
                choices.compare("%s token %d is the first choice".formatted(where, t), greedy[t], true);
            }
            logProbs.addAll(
                    where,
                    scores.get(i).logProbs(),
                    expected.get(i).get("logprobs").numbers());
            if (expected.get(i).has("top2_margin")) {
                margins.addAll(
                        where,
                        margins(subject, sequences.get(i)),
                        expected.get(i).get("top2_margin").numbers());
            }
        }
        judge.decision("greedy.uncached.ids", choices);
        judge.nats("greedy.uncached.logprobs", logProbs, "greedy.logprobs_max_abs");
        if (margins.count() > 0) {
            // the difference of two log-probabilities may be off by the errors of both
            judge.float32(
                    "greedy.uncached.top2_margin",
                    margins.absolute(),
                    2 * judge.tolerances().of("greedy.logprobs_max_abs"));
        }
    }

    /// By how many nats the first choice leads the second, where the continuation's tokens are predicted.
    private static float[] margins(Subject subject, TokenSequence sequence) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            TokenBatch batch = TokenBatch.of(List.of(sequence));
            NDArray hidden = batch.hidden(subject.base().model(), subject.base().manager()); // [M, D]
            NDArray logits = Aten.to(subject.base().model().head().apply(hidden), Dtype.FLOAT32); // [M, V]
            NDArray sorted = Aten.sortDescendingLast(logits)[0];
            return Aten.narrow(sorted, 1, 0, 1)
                    .sub(Aten.narrow(sorted, 1, 1, 1))
                    .toFloatArray();
        }
    }
}
