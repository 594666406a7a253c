package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Tensors;
import org.junit.jupiter.api.Test;

final class PositionScoresTest {

    /// Logits are the hidden states themselves: (0, ln 3) has probabilities 1/4 and 3/4, (0, 0) a half each.
    @Test
    void of_severalTokensAtAPosition_byHand() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            Linear head = new Linear(manager.create(new float[] {1, 0, 0, 1}, new Shape(2, 2)), null);
            NDArray hidden = manager.create(new float[] {0, (float) Math.log(3), 0, 0}, new Shape(2, 2));
            PositionScores.Result scores =
                    PositionScores.of(head, hidden, new int[] {0, 0, 1, 1}, new long[] {0, 1, 1, 0});
            double[] expected = {Math.log(0.25), Math.log(0.75), Math.log(0.5), Math.log(0.5)};
            for (int i = 0; i < expected.length; i++) {
                assertThat(scores.logProbs()[i]).isCloseTo(expected[i], within(1e-6));
            }
            assertThat(scores.greedy()[0]).isFalse();
            assertThat(scores.greedy()[1]).isTrue();
        }
    }

    /// One token a position, and more positions than a chunk has: as [TokenLogProbs].
    @Test
    void of_oneTokenAPosition_isWhatTokenLogProbsSays() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            int positions = 5000;
            float[] values = new float[positions * 4];
            long[] targets = new long[positions];
            int[] rows = new int[positions];
            for (int i = 0; i < positions; i++) {
                for (int d = 0; d < 4; d++) {
                    values[4 * i + d] = (float) Math.sin(7.0 * i + d);
                }
                targets[i] = i % 3;
                rows[i] = i;
            }
            Linear head = new Linear(
                    manager.create(new float[] {1, 2, 0, -1, 0.5f, 0, 3, 1, -2, 1, 1, 0}, new Shape(3, 4)), null);
            NDArray hidden = manager.create(values, new Shape(positions, 4));
            PositionScores.Result found = PositionScores.of(head, hidden, rows, targets);
            TokenLogProbs.Scores expected = TokenLogProbs.of(head).score(hidden, targets, false);
            for (int i = 0; i < positions; i++) {
                assertThat(found.logProbs()[i]).isCloseTo(expected.logProbs()[i], within(1e-6));
            }
            assertThat(found.greedy()).containsExactly(expected.greedy());
        }
    }

    @Test
    void of_refusesRowsThatDoNotAscend() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            Linear head = new Linear(manager.create(new float[] {1, 0, 0, 1}, new Shape(2, 2)), null);
            NDArray hidden = manager.create(new float[] {0, 1, 0, 0}, new Shape(2, 2));
            assertThatThrownBy(() -> PositionScores.of(head, hidden, new int[] {2}, new long[] {0}))
                    .hasMessageContaining("rows must be below 2");
        }
    }
}
