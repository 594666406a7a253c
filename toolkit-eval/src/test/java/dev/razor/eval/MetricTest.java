package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {

    @Test
    void accuracies_divideByNothingCharactersAndBytes() {
        // By sum -6 > -8 > -9: choice 0. By code points -6/2, -8/4, -9/2 = -3, -2, -4.5: choice 1.
        // By UTF-8 bytes -6/2, -8/4, -9/8 = -3, -2, -1.125: choice 2.
        Document document = Document.of("q", List.of("ab", "abcd", "😀😀"), List.of(2));
        List<Double> sums = List.of(-6.0, -8.0, -9.0);

        assertThat(Metric.ACCURACY.prediction(document, sums)).isEqualTo(0);
        assertThat(Metric.ACCURACY_BY_CHARACTERS.prediction(document, sums)).isEqualTo(1);
        assertThat(Metric.ACCURACY_BY_BYTES.prediction(document, sums)).isEqualTo(2);
        assertThat(Metric.ACCURACY.of(document, sums)).isZero();
        assertThat(Metric.ACCURACY_BY_BYTES.of(document, sums)).isEqualTo(1);
    }

    @Test
    void accuracy_givesTiesToTheFirst() {
        List<String> answers = List.of("a", "b", "c");

        assertThat(Metric.ACCURACY.of(Document.of("q", answers, List.of(1)), List.of(-3.0, -2.0, -2.0)))
                .isEqualTo(1);
        assertThat(Metric.ACCURACY.of(Document.of("q", answers, List.of(2)), List.of(-3.0, -2.0, -2.0)))
                .isZero();
    }

    @Test
    void accuracy_neverChoosesTheImpossible() {
        Document document = Document.of("q", List.of("a", "b"), List.of(1));

        assertThat(Metric.ACCURACY.of(document, List.of(Double.NEGATIVE_INFINITY, -900.0)))
                .isEqualTo(1);
    }

    @Test
    void massOnRight_isTheirShare() {
        // Probabilities 1/2, 1/8, 1/4: right are the first and the second, 5/8 of 7/8.
        Document document = Document.of("q", List.of("a", "b", "c"), List.of(0, 1));
        List<Double> sums = List.of(Math.log(0.5), Math.log(0.125), Math.log(0.25));

        assertThat(Metric.MASS_ON_RIGHT.of(document, sums)).isCloseTo(5.0 / 7, within(1e-15));
    }

    @Test
    void massOnRight_holdsWhereEveryProbabilityUnderflows() {
        Document document = Document.of("q", List.of("a", "b"), List.of(0));

        assertThat(Metric.MASS_ON_RIGHT.of(document, List.of(-5000.0, -5000.0))).isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyMetric_equalsAPlainLoop(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var answers = new ArrayList<String>();
            var sums = new ArrayList<Double>();
            int count = 2 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                answers.add("aé😀".repeat(1 + random.nextInt(4)).substring(random.nextInt(2)));
                sums.add(-40 * random.nextDouble());
            }
            int gold = random.nextInt(count);
            Document document = Document.of("q", answers, List.of(gold));

            assertThat(Metric.ACCURACY.of(document, sums)).isEqualTo(plain(sums, answers, gold, 0));
            assertThat(Metric.ACCURACY_BY_CHARACTERS.of(document, sums)).isEqualTo(plain(sums, answers, gold, 1));
            assertThat(Metric.ACCURACY_BY_BYTES.of(document, sums)).isEqualTo(plain(sums, answers, gold, 2));
            assertThat(Metric.MASS_ON_RIGHT.of(document, sums)).isCloseTo(plainMass(sums, gold), within(1e-12));
        }
    }

    /// The second implementation: lengths counted from the encoded forms, no streams, no maximum taken out.
    private static double plain(List<Double> sums, List<String> answers, int gold, int length) {
        double best = Double.NEGATIVE_INFINITY;
        int at = -1;
        for (int i = 0; i < sums.size(); i++) {
            byte[] utf8 = answers.get(i).getBytes(StandardCharsets.UTF_8);
            int starts = 0;
            for (byte b : utf8) {
                starts += (b & 0xC0) == 0x80 ? 0 : 1;
            }
            double by = length == 0 ? 1 : length == 1 ? starts : utf8.length;
            if (sums.get(i) / by > best) {
                best = sums.get(i) / by;
                at = i;
            }
        }
        return at == gold ? 1 : 0;
    }

    private static double plainMass(List<Double> sums, int gold) {
        double all = 0;
        for (double sum : sums) {
            all += Math.exp(sum);
        }
        return Math.exp(sums.get(gold)) / all;
    }
}
