package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import java.util.Arrays;
import java.util.List;

/// `logprobs.json`: the log-probability of each token of the prompts after the first, and their sums.
final class LogProbsChecks {

    private LogProbsChecks() {}

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("logprobs.json");
        List<TokenSequence> prompts =
                Prompts.read(subject).stream().map(TokenSequence::whole).toList();
        List<GoldenValue> expected = golden.get("logprobs").list();
        double[] expectedSums = golden.get("sum").numbers();
        if (expected.size() != prompts.size() || expectedSums.length != prompts.size()) {
            throw new DataException(
                    "%s: holds %d lists and %d sums for the %d prompts of prompts.json; restore the file"
                            .formatted(golden.where(), expected.size(), expectedSums.length, prompts.size()));
        }
        List<TokenLogProbs.Scores> scores = new SequenceScorer(
                        subject.base().model(), subject.base().manager(), 1, Subject.BATCH_SIZE)
                .score(prompts, false);
        Deviation tokens = new Deviation();
        Deviation sums = new Deviation();
        for (int i = 0; i < prompts.size(); i++) {
            double[] actual = Deviation.widened(scores.get(i).logProbs());
            tokens.addAll("prompt %d".formatted(i), actual, expected.get(i).numbers());
            sums.add("prompt %d".formatted(i), Arrays.stream(actual).sum(), expectedSums[i], actual.length);
        }
        judge.nats("logprobs.tokens", tokens, "logprobs.max_abs");
        judge.nats("logprobs.sums", sums, "logprobs.sum_max_abs");
    }
}
