package dev.razor.study.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.axis.NumberTick;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AxesTest {

    @Test
    void linear_addsSixPercentOnEachSide() {
        assertThat(Axis.linear("x", new double[] {30, 10, 20}, 1)).isEqualTo(new Axis("x", 10 - 1.2, 30 + 1.2, false));
    }

    @Test
    void linear_givesEqualValuesTheSmallestSpan() {
        Axis axis = Axis.linear("x", new double[] {5, 5}, 1);
        assertThat((axis.low() + axis.high()) / 2).isCloseTo(5, within(1e-12));
        assertThat(axis.high() - axis.low()).isCloseTo(1.12, within(1e-12));
    }

    @Test
    void logarithmic_showsADecadeAtLeast() {
        Axis axis = Axis.logarithmic("x", new double[] {1, 1});
        assertThat(axis.high() / axis.low()).isCloseTo(Math.pow(10, 1.12), within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "8.1, 2", "17, 5", "40, 5", "41, 10", "0.0008, 0.0001", "3, 0.5"})
    void step_isOneTwoOrFiveTimesAPowerOfTen(double span, double expected) {
        assertThat(Axes.step(span)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void decadeAxis_labelsOneTwoAndFive_orOnlyPowersOverManyDecades() {
        assertThat(labels(0.03, 2.5)).containsExactly("0.05", "0.1", "0.2", "0.5", "1", "2");
        assertThat(labels(0.0009, 11)).containsExactly("0.001", "0.01", "0.1", "1", "10");
    }

    private static List<String> labels(double low, double high) {
        return DecadeAxis.ticks(low, high).stream()
                .map(NumberTick::getText)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    @Test
    void styles_differInColourAndMarkerTogether() {
        List<String> methods = IntStream.range(0, 35).mapToObj(i -> "m" + i).toList();
        assertThat(new HashSet<>(MethodStyle.of(methods).values())).hasSize(37);
    }
}
