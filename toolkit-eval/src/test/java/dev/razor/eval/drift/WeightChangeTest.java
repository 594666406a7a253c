package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WeightChangeTest {

    private static TensorChange tensor(List<Long> shape, @Nullable Integer rank) {
        long entries = shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        return new TensorChange("w", shape, entries, 0, 0, 1, 0, 0, 0, null, rank, null);
    }

    /// 2 of 4 directions and 3 of 3: three quarters in the mean. Vectors have no rank.
    @Test
    void relativeRank_isTheMeanOverMatrices() {
        var change = new WeightChange(
                List.of(tensor(List.of(4L, 8L), 2), tensor(List.of(3L, 3L), 3), tensor(List.of(5L), null)));
        assertThat(change.relativeRank()).isEqualTo(0.75);
        assertThat(new WeightChange(List.of(tensor(List.of(4L, 8L), null))).relativeRank())
                .as("ranks that were not counted")
                .isNaN();
    }
}
