package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

final class GrpoLossTest {

    private static final JsonNode GOLDEN = Golden.json("grpo.json");

    static Stream<String> cases() {
        return GOLDEN.path("cases")
                .valueStream()
                .map(entry -> entry.path("name").asString());
    }

    /// Loss, KL and clip ratios of all 48 cases from the recorded log-probabilities.
    @ParameterizedTest
    @MethodSource("cases")
    void compute_givesTheReferenceLoss(String name) {
        JsonNode expected = GOLDEN.path("cases")
                .valueStream()
                .filter(entry -> entry.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        List<GrpoLoss.Row> rows = rows(expected);
        int slices = expected.path("gradient_accumulation").asInt();
        long tokens = rows.stream().mapToLong(GrpoLoss.Row::tokens).sum();
        double loss = 0;
        double kl = 0;
        double low = 0;
        double high = 0;
        for (int slice = 0; slice < slices; slice++) {
            int size = rows.size() / slices;
            GrpoLoss.Output found = loss(expected)
                    .compute(
                            rows.subList(slice * size, (slice + 1) * size),
                            new GrpoLoss.Accumulation(slices, rows.size(), tokens));
            loss += found.loss();
            kl += found.klSum();
            low += found.clippedLow();
            high += found.clippedHigh();
        }
        assertThat(loss).isCloseTo(expected.path("loss").asDouble(), within(2e-6));
        JsonNode metrics = expected.path("metrics");
        if (slices == 1) {
            assertThat(low / tokens).isCloseTo(metrics.path("clip_ratio_low").asDouble(), within(1e-6));
            assertThat(high / tokens).isCloseTo(metrics.path("clip_ratio_high").asDouble(), within(1e-6));
            if (expected.path("beta").asDouble() > 0) {
                assertThat(kl / tokens)
                        .isCloseTo(metrics.path("mean_kl_over_tokens").asDouble(), within(1e-5));
            }
        }
    }

    private static GrpoLoss loss(JsonNode entry) {
        return new GrpoLoss(
                LossType.valueOf(entry.path("loss_type").asString().toUpperCase(Locale.ROOT)),
                entry.path("epsilon_low").asDouble(),
                entry.path("epsilon_high").asDouble(),
                entry.path("beta").asDouble(),
                GOLDEN.path("max_completion_length").asInt());
    }

    private static List<GrpoLoss.Row> rows(JsonNode entry) {
        JsonNode logProbs = GOLDEN.path("per_token_logps");
        boolean warm = entry.path("temperature").asDouble() != 1;
        JsonNode now = logProbs.path(warm ? "current_policy_temperature_0.7" : "current_policy");
        JsonNode old = entry.path("old_logps").asString().equals("given")
                ? logProbs.path(warm ? "old_for_temperature_0.7" : "old")
                : now;
        JsonNode ref = logProbs.path("reference");
        double[] advantages = Golden.doubles(
                GOLDEN.path("advantages").path(entry.path("advantages").asString()));
        List<GrpoLoss.Row> rows = new ArrayList<>();
        for (int i = 0; i < advantages.length; i++) {
            rows.add(new GrpoLoss.Row(
                    floats(now.get(i)),
                    floats(old.get(i)),
                    entry.path("beta").asDouble() == 0 ? null : floats(ref.get(i)),
                    advantages[i],
                    false));
        }
        return rows;
    }

    private static float[] floats(JsonNode list) {
        double[] values = Golden.doubles(list);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static GrpoLoss.Row row(double advantage, float @Nullable [] ref, float... now) {
        return new GrpoLoss.Row(now, new float[now.length], ref, advantage, false);
    }

    private static float log(double ratio) {
        return (float) Math.log(ratio);
    }

    /// Ratios 1.5 and 0.5 with old log-probabilities zero, epsilon 0.2: at advantage 2 the terms are -2 x 1.2
    /// (held) and -2 x 0.5, at advantage -1 they are 1.5 and 0.8 (held). Means over tokens, rows, the limit of
    /// 4 and 8 step tokens.
    @ParameterizedTest
    @EnumSource(LossType.class)
    void compute_matchesTwoRowsByHand(LossType type) {
        List<GrpoLoss.Row> rows = List.of(row(2, null, log(1.5), log(0.5)), row(-1, null, log(1.5), log(0.5), log(1)));
        GrpoLoss.Output found = new GrpoLoss(type, 0.2, 0.2, 0, 4).compute(rows, new GrpoLoss.Accumulation(2, 4, 8));
        double first = -2.4 - 1;
        double second = 1.5 + 0.8 + 1;
        double expected = switch (type) {
            case GRPO -> (first / 2 + second / 3) / 2 / 2;
            case BNPO -> (first + second) / 5 / 2;
            case DR_GRPO -> (first + second) / (2 * 4) / 2;
            case DAPO -> (first + second) / 8;
        };
        assertThat(found.loss()).isCloseTo(expected, within(1e-6));
        assertThat(found.clippedHigh()).isEqualTo(1);
        assertThat(found.clippedLow()).isEqualTo(1);
        assertThat(found.gradients()[0][0]).as("held: no gradient").isZero();
        assertThat(found.gradients()[1][1]).as("held: no gradient").isZero();
        assertThat(found.gradients()[0][1]).isNegative();
        assertThat(found.gradients()[1][0]).isPositive();
    }

    /// log ratio to the base ln 2: kl = 2 - ln 2 - 1, its slope 1 - 2 = -1.
    @Test
    void compute_addsTheK3TermByHand() {
        GrpoLoss.Output found = new GrpoLoss(LossType.DAPO, 0.2, 0.2, 0.5, 4)
                .compute(List.of(row(0, new float[] {log(2)}, 0)), new GrpoLoss.Accumulation(1, 1, 1));
        assertThat(found.klSum()).isCloseTo(1 - Math.log(2), within(1e-6));
        assertThat(found.loss()).isCloseTo(0.5 * (1 - Math.log(2)), within(1e-6));
        assertThat(found.gradients()[0][0]).isCloseTo(-0.5f, within(1e-6f));
    }

    /// Two tokens with ratios 1.5 and 0.6: the sequence's is sqrt(0.9) = 0.9487, within the clip range of 0.1; at
    /// advantage 2 both terms are -2 x 0.9487. Of ratios 1.5 and 1 it is sqrt(1.5) = 1.2247, held at 1.1.
    @Test
    void compute_ofSequenceRatios_matchesTwoRowsByHand() {
        var loss = new GrpoLoss(LossType.GRPO, ImportanceSamplingLevel.SEQUENCE, 0.1, 0.1, 0, KlEstimator.K3, 4);
        GrpoLoss.Output found = loss.compute(
                List.of(row(2, null, log(1.5), log(0.6)), row(2, null, log(1.5), log(1))),
                new GrpoLoss.Accumulation(1, 2, 4));
        assertThat(found.loss()).isCloseTo((-2 * Math.sqrt(0.9) - 2 * 1.1) / 2, within(1e-6));
        assertThat(found.gradients()[0]).containsExactly(new float[] {-0.47434f, -0.47434f}, within(1e-5f));
        assertThat(found.gradients()[1]).as("held: no gradient").containsOnly(0);
        assertThat(found.clippedHigh()).isEqualTo(1);
        assertThat(found.ratios()).isEqualTo(2);
    }

    /// At the sampling policy GSPO's gradient is GRPO's: both ratios are one.
    @ParameterizedTest
    @EnumSource(LossType.class)
    void compute_onPolicy_isTheSameForBothLevels(LossType type) {
        List<GrpoLoss.Row> rows = new ArrayList<>();
        var random = new Random(8);
        for (int i = 0; i < 3; i++) {
            float[] logProbs = logProbs(random, 2 + i);
            rows.add(new GrpoLoss.Row(logProbs, logProbs, null, 1.5 - i, false));
        }
        var step = new GrpoLoss.Accumulation(1, 3, 9);
        GrpoLoss.Output token = new GrpoLoss(type, 0.2, 0.2, 0, 6).compute(rows, step);
        GrpoLoss.Output sequence = new GrpoLoss(type, ImportanceSamplingLevel.SEQUENCE, 0.2, 0.2, 0, KlEstimator.K3, 6)
                .compute(rows, step);
        assertThat(sequence.loss()).isCloseTo(token.loss(), within(1e-12));
        for (int i = 0; i < 3; i++) {
            assertThat(sequence.gradients()[i]).containsExactly(token.gradients()[i], within(1e-9f));
        }
    }

    static Stream<GrpoLoss> losses() {
        return Stream.of(LossType.values())
                .flatMap(type -> Stream.of(ImportanceSamplingLevel.values())
                        .flatMap(level -> Stream.of(KlEstimator.K1, KlEstimator.K2, KlEstimator.K3)
                                .map(estimator -> new GrpoLoss(type, level, 0.2, 0.28, 0.3, estimator, 6))));
    }

    /// Central differences over 1e-3; no ratio stands that close to an edge.
    @ParameterizedTest
    @MethodSource("losses")
    void compute_givesTheDerivativeOfItsLoss(GrpoLoss loss) {
        var step = new GrpoLoss.Accumulation(3, 12, 17);
        var random = new Random(4);
        List<GrpoLoss.Row> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            rows.add(new GrpoLoss.Row(
                    logProbs(random, 2 + i), logProbs(random, 2 + i), logProbs(random, 2 + i), 1.5 - i, i == 3));
        }
        float[][] gradients = loss.compute(rows, step).gradients();
        for (int i = 0; i < rows.size(); i++) {
            for (int t = 0; t < gradients[i].length; t++) {
                float[] at = rows.get(i).logProbs();
                float before = at[t];
                at[t] = before + 1e-3f;
                double above = loss.compute(rows, step).loss();
                double width = at[t];
                at[t] = before - 1e-3f;
                double below = loss.compute(rows, step).loss();
                width -= at[t];
                at[t] = before;
                assertThat((double) gradients[i][t])
                        .as("row %d, token %d", i, t)
                        .isCloseTo((above - below) / width, within(1e-5));
            }
        }
    }

    private static float[] logProbs(Random random, int length) {
        float[] values = new float[length];
        for (int t = 0; t < length; t++) {
            values[t] = -2 + 0.4f * (float) random.nextGaussian();
        }
        return values;
    }

    /// As TRL does: a masked completion has no tokens, but still counts among the rows of grpo and dr_grpo.
    @ParameterizedTest
    @EnumSource(LossType.class)
    void compute_leavesMaskedRowsOut(LossType type) {
        GrpoLoss.Row open = row(1, null, log(1.1), log(0.9));
        GrpoLoss.Row masked = new GrpoLoss.Row(new float[] {9, 9}, new float[2], new float[2], 5, true);
        var loss = new GrpoLoss(type, 0.2, 0.2, 0, 4);
        GrpoLoss.Output alone = loss.compute(List.of(open), new GrpoLoss.Accumulation(1, 1, 2));
        GrpoLoss.Output both = loss.compute(List.of(open, masked), new GrpoLoss.Accumulation(1, 2, 2));
        double share = switch (type) {
            case GRPO, DR_GRPO -> 0.5;
            case BNPO, DAPO -> 1;
        };
        assertThat(both.loss()).isCloseTo(share * alone.loss(), within(1e-12));
        assertThat(both.gradients()[1]).containsOnly(0);
        assertThat(both.tokens()).isEqualTo(2);
        assertThat(both.klSum()).isZero();
    }

    @ParameterizedTest
    @EnumSource(LossType.class)
    void compute_ofMaskedRowsOnly_isZero(LossType type) {
        GrpoLoss.Row masked = new GrpoLoss.Row(new float[] {9, 9}, new float[2], null, 5, true);
        GrpoLoss.Output found =
                new GrpoLoss(type, 0.2, 0.2, 0, 4).compute(List.of(masked), new GrpoLoss.Accumulation(1, 1, 0));
        assertThat(found.loss()).isZero();
        assertThat(found.gradients()[0]).containsOnly(0);
    }

    /// An advantage of zero clips nothing and teaches nothing, however far the ratio is.
    @Test
    void compute_withoutAdvantage_hasNoGradient() {
        GrpoLoss.Output found = new GrpoLoss(LossType.DAPO, 0.2, 0.2, 0, 4)
                .compute(List.of(row(0, null, log(9), log(0.1))), new GrpoLoss.Accumulation(1, 1, 2));
        assertThat(found.loss()).isZero();
        assertThat(found.gradients()[0]).containsExactly(new float[2], within(0f));
        assertThat(found.clippedHigh() + found.clippedLow()).isZero();
    }
}
