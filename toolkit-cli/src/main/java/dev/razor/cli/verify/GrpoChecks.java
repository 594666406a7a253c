package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.grpo.Advantages;
import dev.razor.grpo.RewardScale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `grpo.json` and its gradient files: advantages, per-token log-probabilities, and the loss with all that
/// belongs to it for each case, gathered by loss type.
final class GrpoChecks {

    private static final String AT_TEMPERATURE = "current_policy_temperature_";

    private final Subject subject;
    private final Judge judge;
    private final GoldenValue golden;
    private final List<TokenSequence> rows;

    private GrpoChecks(Subject subject, Judge judge, GoldenValue golden) {
        this.subject = subject;
        this.judge = judge;
        this.golden = golden;
        this.rows = Completions.rows(subject, golden.get("rows"));
    }

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("grpo.json");
        GrpoChecks checks = new GrpoChecks(subject, judge, golden);
        Differences tokens = new Differences();
        tokens.compare(
                "total_completion_tokens",
                Completions.tokens(checks.rows),
                golden.get("total_completion_tokens").integer());
        judge.exact("grpo.tokens", tokens);
        Map<String, double[]> advantages = checks.advantages();
        GoldenValue logProbs = golden.get("per_token_logps");
        for (String key : logProbs.keys()) {
            judge.attempt("grpo.logprobs." + key, () -> checks.logProbs(key, logProbs.get(key)));
        }
        checks.cases(advantages);
    }

    private double[] rewards() {
        return golden.get("rewards").list().stream()
                .flatMapToDouble(group -> group.list().stream().mapToDouble(GoldenValue::number))
                .toArray();
    }

    /// The advantages of each scaling, computed where Razor has the scaling.
    private Map<String, double[]> advantages() {
        Map<String, double[]> all = new LinkedHashMap<>();
        GoldenValue expected = golden.get("advantages");
        double[] rewards = rewards();
        int groupSize = golden.get("group_size").integer();
        if (rewards.length != rows.size()) {
            throw new DataException("%s: holds %d rewards for %d rows; restore the file"
                    .formatted(golden.where(), rewards.length, rows.size()));
        }
        for (String scale : expected.keys()) {
            judge.attempt("grpo.advantages." + scale, () -> {
                double[] computed = Advantages.of(rewards, groupSize, scale(expected, scale));
                all.put(scale, computed);
                Deviation found = new Deviation();
                found.addAll(scale, computed, expected.get(scale).numbers());
                judge.plain("grpo.advantages." + scale, found.absolute(), "grpo.advantages_abs");
            });
        }
        return all;
    }

    private static RewardScale scale(GoldenValue where, String name) {
        for (RewardScale scale : RewardScale.values()) {
            if (scale.name().toLowerCase(Locale.ROOT).equals(name)) {
                return scale;
            }
        }
        throw new DataException("%s: %s is no scaling that Razor has".formatted(where.where(), name));
    }

    /// Log-probabilities of the completions' tokens, where they are a model's and not made up.
    private void logProbs(String key, GoldenValue expected) {
        if (key.equals("current_policy")) {
            compare(key, subject.base(), 1, expected);
        } else if (key.startsWith(AT_TEMPERATURE)) {
            compare(key, subject.base(), temperature(expected, key), expected);
        } else if (key.equals("reference")) {
            compare(key, subject.other(), 1, expected);
        }
    }

    private static double temperature(GoldenValue where, String key) {
        try {
            return Double.parseDouble(key.substring(AT_TEMPERATURE.length()));
        } catch (NumberFormatException e) {
            throw new DataException("%s: the name does not end in a temperature".formatted(where.where()), e);
        }
    }

    private void compare(String key, PretrainedModel model, double temperature, GoldenValue expected) {
        List<TokenLogProbs.Scores> scores =
                new SequenceScorer(model.model(), model.manager(), temperature, Subject.BATCH_SIZE).score(rows, false);
        List<GoldenValue> golden = expected.list();
        Deviation.requireEqualLength(expected.where(), scores.size(), golden.size());
        Deviation found = new Deviation();
        for (int i = 0; i < scores.size(); i++) {
            found.addAll(
                    "row %d".formatted(i),
                    scores.get(i).logProbs(),
                    golden.get(i).numbers());
        }
        judge.nats("grpo.logprobs." + key, found, "grpo.logps_max_abs", temperature);
    }

    private void cases(Map<String, double[]> advantages) {
        Map<String, GrpoFindings> byType = new LinkedHashMap<>();
        for (GoldenValue one : golden.get("cases").list()) {
            judge.attempt("grpo." + one.get("name").text(), () -> {
                GrpoCase grpoCase = GrpoCase.read(golden, one, rows, advantages);
                GrpoFindings findings = byType.computeIfAbsent(
                        grpoCase.loss().type().name().toLowerCase(Locale.ROOT), _ -> new GrpoFindings());
                findings.add(subject, judge, grpoCase, one);
            });
        }
        byType.forEach((type, findings) -> findings.judge("grpo." + type, judge));
    }
}
