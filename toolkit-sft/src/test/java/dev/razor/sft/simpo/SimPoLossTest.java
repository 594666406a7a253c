package dev.razor.sft.simpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SimPoLossTest {

    private static final SimPoLoss.Row ROW = new SimPoLoss.Row(new float[] {-1, -3}, new float[] {-1, -2, -6});

    private static SimPoLoss loss(SimPoLoss.Type type) {
        return switch (type) {
            case SIMPO -> SimPoLoss.simpo(2, 0.5);
            case SIMPO_PRINTED -> SimPoLoss.printed();
        };
    }

    /// Means -2 and -3, times beta 2: rewards -4 and -6, z = 2 - 0.5 = 1.5. log(1 + e^-1.5) = 0.2014133,
    /// sigmoid(-1.5) = 0.1824255; a chosen token gets -0.1824255 x 2/2, a rejected one +0.1824255 x 2/3.
    @Test
    void simpo_byHand() {
        SimPoLoss.Output found = SimPoLoss.simpo(2, 0.5).compute(List.of(ROW), 1);
        assertThat(found.loss()).isCloseTo(0.2014133, within(1e-7));
        assertThat(found.chosenGradients()[0]).containsExactly(new float[] {-0.1824255f, -0.1824255f}, within(1e-7f));
        assertThat(found.rejectedGradients()[0])
                .containsExactly(new float[] {0.1216170f, 0.1216170f, 0.1216170f}, within(1e-7f));
        assertThat(found.sums()).isEqualTo(new SimPoLoss.Sums(-4, -6, -4, -9, 1));
    }

    /// Sums -4 and -9, z = 5 - 1 = 4. log(1 + e^-4) = 0.0181499, sigmoid(-4) = 0.0179862 for every token.
    @Test
    void printed_byHand() {
        SimPoLoss.Output found = SimPoLoss.printed().compute(List.of(ROW), 1);
        assertThat(found.loss()).isCloseTo(0.0181499, within(1e-7));
        assertThat(found.chosenGradients()[0]).containsExactly(new float[] {-0.0179862f, -0.0179862f}, within(1e-7f));
        assertThat(found.rejectedGradients()[0])
                .containsExactly(new float[] {0.0179862f, 0.0179862f, 0.0179862f}, within(1e-7f));
        assertThat(found.sums()).isEqualTo(new SimPoLoss.Sums(-4, -9, -4, -9, 1));
    }

    /// In two of four pairs the chosen answer is the likelier one a token; in the third they are alike, which
    /// is not right, and in the fourth it is the other way round.
    @Test
    void sums_areOverThePairs() {
        SimPoLoss.Row even = new SimPoLoss.Row(new float[] {-2}, new float[] {-2, -2});
        SimPoLoss.Row wrong = new SimPoLoss.Row(new float[] {-3}, new float[] {-1});
        SimPoLoss.Sums found =
                SimPoLoss.simpo(1, 0).compute(List.of(ROW, ROW, even, wrong), 4).sums();
        assertThat(found).isEqualTo(new SimPoLoss.Sums(-9, -9, -13, -23, 2));
    }

    private static List<SimPoLoss.Row> random(int seed) {
        Random random = new Random(seed);
        List<SimPoLoss.Row> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(new SimPoLoss.Row(logProbs(random, 1 + i), logProbs(random, 4 - i / 2)));
        }
        return rows;
    }

    private static float[] logProbs(Random random, int length) {
        float[] values = new float[length];
        for (int t = 0; t < length; t++) {
            values[t] = -1.5f + 0.5f * (float) random.nextGaussian();
        }
        return values;
    }

    /// Central differences over 2e-3.
    @ParameterizedTest
    @EnumSource(SimPoLoss.Type.class)
    void compute_givesTheDerivativeOfItsLoss(SimPoLoss.Type type) {
        SimPoLoss loss = loss(type);
        List<SimPoLoss.Row> rows = random(3);
        SimPoLoss.Output found = loss.compute(rows, 7);
        for (int i = 0; i < rows.size(); i++) {
            for (boolean chosen : new boolean[] {true, false}) {
                float[] at = chosen ? rows.get(i).chosen() : rows.get(i).rejected();
                float[] gradient = chosen ? found.chosenGradients()[i] : found.rejectedGradients()[i];
                for (int t = 0; t < at.length; t++) {
                    float before = at[t];
                    at[t] = before + 1e-3f;
                    double above = loss.compute(rows, 7).loss();
                    double width = at[t];
                    at[t] = before - 1e-3f;
                    double below = loss.compute(rows, 7).loss();
                    width -= at[t];
                    at[t] = before;
                    assertThat((double) gradient[t])
                            .as("pair %d, chosen %s, token %d", i, chosen, t)
                            .isCloseTo((above - below) / width, within(1e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SimPoLoss.Type.class)
    void compute_ofPartsOfAStep_addsUpToTheWhole(SimPoLoss.Type type) {
        List<SimPoLoss.Row> rows = random(5);
        SimPoLoss.Output whole = loss(type).compute(rows, 5);
        SimPoLoss.Output first = loss(type).compute(rows.subList(0, 2), 5);
        SimPoLoss.Output rest = loss(type).compute(rows.subList(2, 5), 5);
        assertThat(first.loss() + rest.loss()).isCloseTo(whole.loss(), within(1e-12));
        assertThat(first.chosenGradients()[1]).isEqualTo(whole.chosenGradients()[1]);
        assertThat(rest.rejectedGradients()[2]).isEqualTo(whole.rejectedGradients()[4]);
    }

    /// A margin of 20,000 nats: one way the loss is the margin itself and the slope one, the other way both are
    /// zero.
    @Test
    void compute_doesNotOverflow() {
        SimPoLoss.Row wrong = new SimPoLoss.Row(new float[] {-20_000}, new float[] {0});
        SimPoLoss.Output far = SimPoLoss.printed().compute(List.of(wrong), 1);
        assertThat(far.loss()).isEqualTo(20_001);
        assertThat(far.chosenGradients()[0]).containsExactly(-1);
        assertThat(far.rejectedGradients()[0]).containsExactly(1);
        SimPoLoss.Row right = new SimPoLoss.Row(new float[] {0}, new float[] {-20_000});
        SimPoLoss.Output near = SimPoLoss.printed().compute(List.of(right), 1);
        assertThat(near.loss()).isZero();
        assertThat(near.rejectedGradients()[0]).containsExactly(0);
    }

    /// Twice the tokens of the same mean change nothing in simpo, and double the distance in the printed formula.
    @Test
    void onlySimpo_normalisesLengths() {
        SimPoLoss.Row once = new SimPoLoss.Row(new float[] {-1}, new float[] {-2});
        SimPoLoss.Row twice = new SimPoLoss.Row(new float[] {-1, -1}, new float[] {-2, -2});
        SimPoLoss simpo = SimPoLoss.simpo(2, 0.5);
        assertThat(simpo.compute(List.of(twice), 1).loss())
                .isEqualTo(simpo.compute(List.of(once), 1).loss());
        assertThat(SimPoLoss.printed().compute(List.of(once), 1).loss()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(SimPoLoss.printed().compute(List.of(twice), 1).loss())
                .isCloseTo(Math.log1p(Math.exp(-1)), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void beta_mustBePositive(double beta) {
        assertThatThrownBy(() -> SimPoLoss.simpo(beta, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beta must be a positive number, got " + beta);
    }
}
