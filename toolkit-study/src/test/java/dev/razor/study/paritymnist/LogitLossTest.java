package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.random.Draws;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class LogitLossTest {

    @Test
    void crossEntropy_handWorked() {
        double[] logProbs = {Math.log(0.25), Math.log(0.75)};
        double[] gradient = new double[2];

        double loss = LogitLoss.PLAIN.of(new int[] {0}, logProbs, new double[] {1, 0}, gradient);

        assertThat(loss).isCloseTo(Math.log(4), within(1e-12)); // -log 1/4
        assertThat(gradient).containsExactly(new double[] {-0.75, 0.75}, within(1e-12)); // p - one-hot
    }

    @Test
    void policyGradient_ofNegativeAdvantage_handWorked() {
        // w = (-1/2, 1/4): L = 1/2 log 1/2 - 1/4 log 1/2 = -1/4 log 2; dL/dz = -1/4 (1/2, 1/2) - w
        double half = Math.log(0.5);
        double[] gradient = new double[2];

        double loss = LogitLoss.PLAIN.of(new int[] {0}, new double[] {half, half}, new double[] {-0.5, 0.25}, gradient);

        assertThat(loss).isCloseTo(-0.25 * Math.log(2), within(1e-12));
        assertThat(gradient).containsExactly(new double[] {0.375, -0.375}, within(1e-12));
    }

    @Test
    void penalty_handWorked() {
        // KL((1/4, 3/4) || (1/2, 1/2)) = 1/4 log 1/2 + 3/4 log 3/2
        double[] base = {Math.log(0.5), Math.log(0.5)};
        double[] logProbs = {Math.log(0.25), Math.log(0.75)};
        double[] gradient = new double[2];

        double loss = new LogitLoss(0.1, base).of(new int[] {0}, logProbs, new double[2], gradient);

        double kl = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
        assertThat(loss).isCloseTo(0.1 * kl, within(1e-12));
        assertThat(gradient)
                .containsExactly(
                        new double[] {0.1 * 0.25 * (Math.log(0.5) - kl), 0.1 * 0.75 * (Math.log(1.5) - kl)},
                        within(1e-12));
        assertThat(gradient[0] + gradient[1]).isCloseTo(0, within(1e-15)); // shifting all logits changes nothing
    }

    @Test
    void gradient_isThatOfFiniteDifferences() {
        RandomGenerator random = Draws.generator(3);
        int rows = 3;
        double[] logits = random.doubles(30, -2, 2).toArray();
        double[] weights = random.doubles(30, -1, 1).toArray();
        double[] base = normalised(random.doubles(50, -2, 2).toArray());
        int[] images = {4, 0, 2};
        LogitLoss loss = new LogitLoss(0.3, base);
        double[] gradient = new double[rows * 10];
        loss.of(images, normalised(logits), weights, gradient);

        for (int i = 0; i < logits.length; i++) {
            double[] up = logits.clone();
            double[] down = logits.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double slope = (loss.of(images, normalised(up), weights, new double[rows * 10])
                            - loss.of(images, normalised(down), weights, new double[rows * 10]))
                    / 2e-5;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    private static double[] normalised(double[] logits) {
        double[] logProbs = logits.clone();
        for (int row = 0; row < logits.length; row += 10) {
            double sum = Arrays.stream(logits, row, row + 10).map(Math::exp).sum();
            for (int y = row; y < row + 10; y++) {
                logProbs[y] -= Math.log(sum);
            }
        }
        return logProbs;
    }
}
