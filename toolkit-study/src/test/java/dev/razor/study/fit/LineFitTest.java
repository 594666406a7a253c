package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineFitTest {

    @Test
    void of_workedOutByHand() {
        // means 2 and 4; xx = 1+0+1 = 2, xy = (-1)(-3)+0+(1)(2) = 5, yy = 9+1+4 = 14
        LineFit line = LineFit.of(new double[] {1, 2, 3}, new double[] {1, 5, 6});
        assertThat(line.c1()).isCloseTo(2.5, within(1e-12));
        assertThat(line.c0()).isCloseTo(4 - 2.5 * 2, within(1e-12));
        assertThat(line.r()).isCloseTo(5 / Math.sqrt(28), within(1e-12));
        assertThat(line.at(4)).isCloseTo(9, within(1e-12));
    }

    @Test
    void of_leavesResidualsThatDoNotDependOnX_andRIsBetweenMinusOneAndOne() {
        Random random = new Random(3);
        double[] x = random.doubles(50, -1e-4, 1e-4).toArray();
        double[] y = random.doubles(50, 5, 6).toArray();
        LineFit line = LineFit.of(x, y);
        double dot = 0;
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            dot += (y[i] - line.at(x[i])) * x[i];
            sum += y[i] - line.at(x[i]);
        }
        assertThat(dot).isCloseTo(0, within(1e-12));
        assertThat(sum).isCloseTo(0, within(1e-9));
        assertThat(line.r()).isBetween(-1.0, 1.0);
    }

    @Test
    void of_isNotDefinedWhereThePointsDoNotSay() {
        assertThat(LineFit.of(new double[0], new double[0]).isDefined()).isFalse();
        assertThat(LineFit.of(new double[] {2, 2}, new double[] {1, 3}).isDefined())
                .isFalse();
        LineFit level = LineFit.of(new double[] {1, 2}, new double[] {0.1, 0.1});
        assertThat(level.c1()).isCloseTo(0, within(1e-12));
        assertThat(level.r()).isNaN();
    }
}
