package dev.razor.cli.verify;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.GradMode;
import dev.razor.grpo.GrpoLoss;
import dev.razor.grpo.LossType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One case of `grpo.json`: a loss with its settings, over all rows.
///
/// @param rows prompt and completion
/// @param current per row, the golden log-probabilities of the policy
/// @param old per row; null where the policy is the one that sampled
/// @param reference per row
/// @param slices micro-batches of one optimiser step, equal and consecutive
record GrpoCase(
        String name,
        GrpoLoss loss,
        double temperature,
        List<TokenSequence> rows,
        double[] advantages,
        List<double[]> current,
        @Nullable List<double[]> old,
        List<double[]> reference,
        int slices) {

    /// What came of it, summed over the slices.
    ///
    /// @param slope the sum of the absolute derivatives of the loss by the tokens' log-probabilities
    /// @param entropy the sum over the completions' tokens, in nats
    record Outcome(double loss, double slope, double kl, double entropy, int clippedLow, int clippedHigh, int tokens) {}

    static GrpoCase read(
            GoldenValue file, GoldenValue one, List<TokenSequence> rows, Map<String, double[]> advantages) {
        var loss = new GrpoLoss(
                type(one.get("loss_type")),
                one.get("epsilon_low").number(),
                one.get("epsilon_high").number(),
                one.get("beta").number(),
                file.get("max_completion_length").integer());
        double temperature = one.get("temperature").number();
        double[] chosen = advantages.get(one.get("advantages").text());
        if (chosen == null) {
            throw one.get("advantages").misfit("one of " + advantages.keySet());
        }
        int slices = one.get("gradient_accumulation").integer();
        if (slices < 1 || rows.size() % slices != 0) {
            throw one.get("gradient_accumulation").misfit("a divisor of the %d rows".formatted(rows.size()));
        }
        GoldenValue logProbs = file.get("per_token_logps");
        return new GrpoCase(
                one.get("name").text(),
                loss,
                temperature,
                rows,
                chosen,
                perToken(logProbs.get(key("current_policy", "_temperature_", one)), rows),
                old(one, logProbs, rows),
                perToken(logProbs.get("reference"), rows),
                slices);
    }

    private static LossType type(GoldenValue name) {
        for (LossType type : LossType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name.text())) {
                return type;
            }
        }
        throw name.misfit("a loss type that Razor has");
    }

    private static @Nullable List<double[]> old(GoldenValue one, GoldenValue logProbs, List<TokenSequence> rows) {
        GoldenValue which = one.get("old_logps");
        if (which.text().startsWith("current policy")) {
            return null;
        }
        if (!which.text().equals("given")) {
            throw which.misfit("given, or current policy");
        }
        return perToken(logProbs.get(key("old", "_for_temperature_", one)), rows);
    }

    /// The name of log-probabilities at the case's temperature.
    private static String key(String name, String atTemperature, GoldenValue one) {
        GoldenValue temperature = one.get("temperature");
        return temperature.number() == 1 ? name : name + atTemperature + temperature.node();
    }

    private static List<double[]> perToken(GoldenValue list, List<TokenSequence> rows) {
        List<double[]> values = list.list().stream().map(GoldenValue::numbers).toList();
        Deviation.requireEqualLength(list.where(), rows.size(), values.size());
        for (int i = 0; i < rows.size(); i++) {
            Deviation.requireEqualLength(
                    "%s[%d]".formatted(list.where(), i), rows.get(i).predictions(), values.get(i).length);
        }
        return values;
    }

    /// Computes the loss and adds its gradient to that of the parameters.
    ///
    /// @param goldenSlopes whether the derivatives by the log-probabilities are taken at the golden ones and
    /// only carried on by the model, instead of at the model's own
    Outcome run(PretrainedModel model, boolean goldenSlopes) {
        var step = new GrpoLoss.Accumulation(slices, rows.size(), Completions.tokens(rows));
        int size = rows.size() / slices;
        List<Outcome> parts = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += size) {
            parts.add(backward(model, from, from + size, step, goldenSlopes));
        }
        return new Outcome(
                parts.stream().mapToDouble(Outcome::loss).sum(),
                parts.stream().mapToDouble(Outcome::slope).sum(),
                parts.stream().mapToDouble(Outcome::kl).sum(),
                parts.stream().mapToDouble(Outcome::entropy).sum(),
                parts.stream().mapToInt(Outcome::clippedLow).sum(),
                parts.stream().mapToInt(Outcome::clippedHigh).sum(),
                parts.stream().mapToInt(Outcome::tokens).sum());
    }

    private Outcome backward(
            PretrainedModel model, int from, int to, GrpoLoss.Accumulation step, boolean goldenSlopes) {
        TokenBatch batch = TokenBatch.of(rows.subList(from, to));
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass = batch.forward(model.model(), model.manager(), false); // [M, D]
            TokenLogProbs logProbs = TokenLogProbs.of(model.model().head(), temperature);
            TokenLogProbs.Scores now = logProbs.score(pass.hidden(), batch.targets(), true);
            GrpoLoss.Output found = loss.compute(rows(from, to, now.logProbs()), step);
            float[][] slopes = goldenSlopes
                    ? loss.compute(rows(from, to, golden(from, to)), step).gradients()
                    : found.gradients();
            float[] weights = FloatRows.flat(slopes, batch.predictions());
            logProbs.backward(pass, batch.targets(), weights);
            double slope = 0;
            for (float value : weights) {
                slope += Math.abs(value);
            }
            double entropy = 0;
            for (float value : now.entropies()) {
                entropy += value;
            }
            return new Outcome(
                    found.loss(),
                    slope,
                    found.klSum(),
                    entropy,
                    found.clippedLow(),
                    found.clippedHigh(),
                    found.tokens());
        }
    }

    private float[] golden(int from, int to) {
        float[][] perRow =
                current.subList(from, to).stream().map(FloatRows::narrowed).toArray(float[][]::new);
        return FloatRows.flat(perRow, Completions.tokens(rows.subList(from, to)));
    }

    private List<GrpoLoss.Row> rows(int from, int to, float[] now) {
        List<GrpoLoss.Row> found = new ArrayList<>();
        int at = 0;
        for (int i = from; i < to; i++) {
            int length = rows.get(i).predictions();
            float[] current = Arrays.copyOfRange(now, at, at + length);
            found.add(new GrpoLoss.Row(
                    current,
                    old == null ? current : FloatRows.narrowed(old.get(i)),
                    FloatRows.narrowed(reference.get(i)),
                    advantages[i],
                    false));
            at += length;
        }
        return found;
    }
}
