package dev.razor.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MeanAndDeviationTest {

    /// 2, 3 and 7: mean 4, squares 4 + 1 + 9 = 14, deviation sqrt(14 / 2).
    @Test
    void of_isTheSamplesOwn() {
        assertThat(MeanAndDeviation.of(new double[] {2, 3, 7})).isEqualTo(new MeanAndDeviation(4, Math.sqrt(7)));
        assertThat(MeanAndDeviation.of(new double[] {5})).isEqualTo(new MeanAndDeviation(5, Double.NaN));
        assertThat(MeanAndDeviation.of(new double[0])).isEqualTo(new MeanAndDeviation(Double.NaN, Double.NaN));
    }
}
