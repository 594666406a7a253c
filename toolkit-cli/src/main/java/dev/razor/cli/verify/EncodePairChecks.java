package dev.razor.cli.verify;

import dev.razor.eval.EncodePair;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.TokenizedRequest;
import java.util.ArrayList;
import java.util.List;

/// `encode_pair.json`: contexts and continuations as ids, by the harness's rule, and their log-likelihoods.
final class EncodePairChecks {

    private EncodePairChecks() {}

    static void check(Subject subject, Judge judge) {
        EncodePair pairs = Scoring.pairs(subject);
        List<GoldenValue> golden = subject.json("encode_pair.json").get("pairs").list();
        Differences contexts = new Differences();
        Differences continuations = new Differences();
        List<TokenizedRequest> requests = new ArrayList<>();
        for (GoldenValue pair : golden) {
            TokenizedRequest request = pairs.encode(
                            pair.where(),
                            pair.get("context").text(),
                            pair.get("continuation").text())
                    .request();
            requests.add(request);
            contexts.compare(
                    pair.where(), request.contextIds(), pair.get("context_ids").integers());
            continuations.compare(
                    pair.where(),
                    request.continuationIds(),
                    pair.get("continuation_ids").integers());
        }
        judge.exact("encode_pair.context_ids", contexts);
        judge.exact("encode_pair.continuation_ids", continuations);

        List<LogLikelihood> scores = new Scoring(subject.base()).score(requests);
        Deviation sums = new Deviation();
        Differences greedy = new Differences();
        for (int i = 0; i < scores.size(); i++) {
            GoldenValue pair = golden.get(i);
            sums.add(
                    pair.where(),
                    scores.get(i).sum(),
                    pair.get("loglikelihood").number(),
                    requests.get(i).continuationIds().length);
            greedy.compare(
                    pair.where(), scores.get(i).greedy(), pair.get("is_greedy").flag());
        }
        judge.nats("encode_pair.loglikelihood", sums, "encode_pair.loglikelihood_abs");
        judge.decision("encode_pair.is_greedy", greedy);
    }
}
