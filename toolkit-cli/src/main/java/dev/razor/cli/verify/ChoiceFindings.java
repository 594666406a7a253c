package dev.razor.cli.verify;

import dev.razor.eval.Aggregate;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TokenizedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One benchmark's requests and scores against the harness's.
final class ChoiceFindings {

    private final TaskResult result;
    private final List<TokenizedRequest> requests;
    private final GoldenValue golden;
    private final boolean massOnRight;
    private final Differences texts = new Differences();
    private final Differences ids = new Differences();
    private final Deviation sums = new Deviation();
    private final Differences greedy = new Differences();
    private final Deviation normalised = new Deviation();
    private final Differences decisions = new Differences();
    private final Deviation mass = new Deviation();
    private double acceptedByBytes;
    private int asked;

    /// @param requests of all documents, in the order of the scores
    ChoiceFindings(TaskResult result, List<TokenizedRequest> requests, GoldenValue golden) {
        this.result = result;
        this.requests = requests;
        this.golden = golden;
        this.massOnRight = result.metrics().contains(Metric.MASS_ON_RIGHT);
    }

    /// Compares all documents and hands over the results.
    void judge(String name, Judge judge) {
        List<GoldenValue> docs = golden.get("docs").list();
        texts.compare("number of documents", result.samples().size(), docs.size());
        for (int i = 0; i < Math.min(docs.size(), result.samples().size()); i++) {
            document("document %d".formatted(i), result.samples().get(i), docs.get(i));
        }
        aggregates(docs.size());
        judge.exact(name + ".contexts", texts);
        judge.exact(name + ".ids", ids);
        judge.nats(name + ".loglikelihood", sums, "multiple_choice.loglikelihood_abs");
        judge.decision(name + ".is_greedy", greedy);
        if (normalised.count() > 0) {
            judge.float32(name + ".normalised", normalised.absolute(), "multiple_choice.normalised_abs");
        }
        judge.decision(name + ".argmax_and_acc", decisions);
        if (massOnRight) {
            judge.float32(name + ".mc2", mass.absolute(), "multiple_choice.mc2_abs");
        }
    }

    private void document(String where, Sample sample, GoldenValue doc) {
        List<GoldenValue> expected = doc.get("requests").list();
        texts.compare(where + " choices", sample.requests().size(), expected.size());
        for (int choice = 0; choice < sample.requests().size(); choice++) {
            TokenizedRequest tokens = requests.get(asked);
            asked++;
            if (choice < expected.size()) {
                request("%s choice %d".formatted(where, choice), sample, choice, tokens, expected.get(choice));
            }
        }
        if (sample.requests().size() == expected.size()) {
            scores(where, sample, doc);
        }
    }

    private void request(String where, Sample sample, int choice, TokenizedRequest tokens, GoldenValue expected) {
        texts.compare(
                where + " context",
                sample.requests().get(choice).context(),
                expected.get("context").text());
        texts.compare(
                where + " continuation",
                sample.requests().get(choice).continuation(),
                expected.get("continuation").text());
        ids.compare(
                where + " context tokens",
                tokens.contextIds().length + sample.droppedTokens().get(choice),
                expected.get("context_tokens").integer());
        ids.compare(
                where,
                tokens.continuationIds(),
                expected.get("continuation_ids").integers());
        sums.add(
                where,
                sample.scores().get(choice).sum(),
                expected.get("loglikelihood").number(),
                tokens.continuationIds().length);
        greedy.compare(
                where,
                sample.scores().get(choice).greedy(),
                expected.get("is_greedy").flag());
    }

    private void scores(String where, Sample sample, GoldenValue doc) {
        Document document = sample.document();
        List<Double> scores = sample.sums();
        int gold = doc.get("gold_index").integer();
        if (!massOnRight) {
            decisions.compare(where + " gold", document.gold().getFirst(), gold);
        }
        decisions.compare(
                where + " argmax",
                Metric.ACCURACY.prediction(document, scores),
                doc.get("argmax").integer());
        int byBytes = Metric.ACCURACY_BY_BYTES.prediction(document, scores);
        if (doc.has("normalised")) {
            normalised(where, document, scores, doc.get("normalised"), byBytes);
        }
        // by the harness's own rule, which knows one right answer
        double accepted = byBytes == gold ? 1 : 0;
        acceptedByBytes += accepted;
        if (doc.has("acc_bytes")) {
            decisions.compareClose(
                    where + " acc_bytes", accepted, doc.get("acc_bytes").number());
        }
        GoldenValue metrics = doc.get("metrics");
        sample.values(result.metrics()).forEach((key, value) -> {
            if (metrics.has(key)) {
                metric("%s %s".formatted(where, key), value, metrics.get(key).number());
            }
        });
        if (massOnRight && doc.has("mc2_stable")) {
            mass.add(
                    where,
                    Metric.MASS_ON_RIGHT.of(document, scores),
                    doc.get("mc2_stable").number());
        }
    }

    private void normalised(String where, Document document, List<Double> scores, GoldenValue expected, int byBytes) {
        int count = scores.size();
        double[] characters = new double[count];
        double[] bytes = new double[count];
        for (int i = 0; i < count; i++) {
            String text = document.choices().get(i).text();
            characters[i] = scores.get(i) / document.choices().get(i).characters();
            bytes[i] = scores.get(i) / text.getBytes(StandardCharsets.UTF_8).length;
        }
        normalised.addAll(
                where + " by characters",
                characters,
                expected.get("by_characters").numbers());
        normalised.addAll(where + " by bytes", bytes, expected.get("by_bytes").numbers());
        decisions.compare(
                where + " argmax by characters",
                Metric.ACCURACY_BY_CHARACTERS.prediction(document, scores),
                expected.get("argmax_by_characters").integer());
        decisions.compare(
                where + " argmax by bytes",
                byBytes,
                expected.get("argmax_by_bytes").integer());
    }

    /// A document's metric, or the mean of one.
    private void metric(String where, double actual, double expected) {
        if (!massOnRight) {
            decisions.compareClose(where, actual, expected);
        } else if (!Double.isNaN(expected)) { // the harness's own value where all probabilities underflow
            mass.add(where, actual, expected);
        }
    }

    private void aggregates(int documents) {
        GoldenValue expected = golden.get("aggregate");
        for (Aggregate aggregate : result.aggregates()) {
            if (expected.has(aggregate.metric())) {
                metric(
                        "mean " + aggregate.metric(),
                        aggregate.mean(),
                        expected.get(aggregate.metric()).number());
            }
        }
        if (golden.has("acc_bytes")) {
            decisions.compareClose(
                    "mean acc_bytes",
                    acceptedByBytes / documents,
                    golden.get("acc_bytes").number());
        }
    }
}
