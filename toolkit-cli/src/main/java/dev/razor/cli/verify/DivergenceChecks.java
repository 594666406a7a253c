package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.Divergences;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `divergence.json`: how far the second model's predictions lie from the base's, position by position and
/// summed.
final class DivergenceChecks {

    private static final String PER_KL = "divergence.kl_per_position_abs";
    private static final String PER_L2 = "divergence.tv_l2_per_position_abs";
    private static final String SUM = "divergence.sum_abs";

    /// Each meter's name in the file and the tolerance of one position.
    private static final Map<String, String> METERS = new LinkedHashMap<>();

    static {
        METERS.put("forward_kl", PER_KL);
        METERS.put("reverse_kl", PER_KL);
        METERS.put("total_variation", PER_L2);
        METERS.put("l2", PER_L2);
        METERS.put("entropy_pi0", "divergence.entropy_abs");
        METERS.put("entropy_pi", "divergence.entropy_abs");
    }

    private final Subject subject;
    private final Map<String, Deviation> positions = new LinkedHashMap<>();
    private final Deviation sums = new Deviation();
    private final Differences ranges = new Differences();
    private final Map<String, Double> completionTotals = new LinkedHashMap<>();
    private int completionTokens;

    private DivergenceChecks(Subject subject) {
        this.subject = subject;
    }

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("divergence.json");
        DivergenceChecks checks = new DivergenceChecks(subject);
        List<GoldenValue> sequences = golden.get("sequences").list();
        List<TokenSequence> rows = Completions.rows(subject, golden.get("sequences"));
        for (int i = 0; i < rows.size(); i++) {
            checks.sequence("sequence %d".formatted(i), rows.get(i), sequences.get(i));
        }
        checks.positions.forEach((meter, found) -> {
            String tolerance = METERS.get(meter);
            judge.nats("divergence.per_position." + meter, found, tolerance == null ? SUM : tolerance);
        });
        judge.exact("divergence.completion_positions", checks.ranges);
        judge.nats("divergence.sums", checks.sums, SUM);
        judge.attempt("divergence.aggregate", () -> checks.aggregate(judge, golden.get("aggregate"), rows.size()));
    }

    private void sequence(String where, TokenSequence row, GoldenValue golden) {
        Map<String, double[]> found = meters(row);
        GoldenValue expected = golden.get("per_position");
        for (String meter : expected.keys()) {
            positions
                    .computeIfAbsent(meter, _ -> new Deviation())
                    .addAll(
                            where,
                            of(found, meter, expected),
                            expected.get(meter).numbers());
        }
        int from = row.length() - row.predictions() - 1;
        int to = row.length() - 1;
        ranges.compare(
                where, new int[] {from, to}, golden.get("completion_positions").integers());
        completionTokens += to - from;
        GoldenValue completion = golden.get("sum_over_completion_positions");
        for (String meter : completion.keys()) {
            double sum = sum(of(found, meter, completion), from, to);
            completionTotals.merge(meter, sum, Double::sum);
            sums.add(
                    "%s %s, completion".formatted(where, meter),
                    sum,
                    completion.get(meter).number(),
                    to - from);
        }
        GoldenValue all = golden.get("sum_over_all_positions_but_last");
        for (String meter : all.keys()) {
            double sum = sum(of(found, meter, all), 0, to);
            sums.add("%s %s".formatted(where, meter), sum, all.get(meter).number(), to);
        }
    }

    private static double[] of(Map<String, double[]> found, String meter, GoldenValue where) {
        double[] values = found.get(meter);
        if (values == null) {
            throw new DataException("%s: %s is no divergence that Razor has".formatted(where.where(), meter));
        }
        return values;
    }

    private Map<String, double[]> meters(TokenSequence row) {
        PretrainedModel base = subject.base();
        PretrainedModel other = subject.other();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            Divergences found = Divergences.between(
                    hidden(base, row),
                    base.model().head(),
                    hidden(other, row),
                    other.model().head());
            Map<String, double[]> meters = new LinkedHashMap<>();
            meters.put("forward_kl", found.forwardKl());
            meters.put("reverse_kl", found.reverseKl());
            meters.put("total_variation", found.totalVariation());
            meters.put("l2", found.l2());
            meters.put("jensen_shannon", found.jensenShannon());
            meters.put("entropy_pi0", found.baseEntropy());
            meters.put("entropy_pi", found.modelEntropy());
            return meters;
        }
    }

    /// The hidden states of all positions, `[T, D]`.
    private static NDArray hidden(PretrainedModel model, TokenSequence row) {
        long[] ids = Arrays.stream(row.ids()).asLongStream().toArray();
        NDArray tokens = model.manager().create(ids, new Shape(1, ids.length));
        NDArray hidden = model.model().hidden(tokens, new AttentionContext.Causal()); // [1, T, D]
        return hidden.reshape(ids.length, hidden.getShape().get(2));
    }

    private static double sum(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum();
    }

    private void aggregate(Judge judge, GoldenValue golden, int sequences) {
        Differences tokens = new Differences();
        tokens.compare(
                "completion_tokens",
                completionTokens,
                golden.get("completion_tokens").integer());
        judge.exact("divergence.completion_tokens", tokens);
        GoldenValue perToken = golden.get("mean_per_completion_token");
        GoldenValue perSequence = golden.get("mean_per_sequence_sum");
        Map<String, Deviation> byTolerance = new LinkedHashMap<>();
        Deviation sequenceMeans = new Deviation();
        completionTotals.forEach((meter, total) -> {
            if (perToken.has(meter)) {
                byTolerance
                        .computeIfAbsent(METERS.getOrDefault(meter, SUM), _ -> new Deviation())
                        .add(
                                meter,
                                total / completionTokens,
                                perToken.get(meter).number());
            }
            if (perSequence.has(meter)) {
                sequenceMeans.add(
                        meter,
                        total / sequences,
                        perSequence.get(meter).number(),
                        Math.max(1, completionTokens / sequences));
            }
        });
        byTolerance.forEach((tolerance, found) -> judge.nats(
                "divergence.mean_per_token." + (tolerance.equals(PER_L2) ? "tv_l2" : "kl"), found, tolerance));
        judge.nats("divergence.mean_per_sequence", sequenceMeans, SUM);
    }
}
