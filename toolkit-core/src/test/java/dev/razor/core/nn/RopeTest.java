package dev.razor.core.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RopeTest {

    private final NDManager manager = Tensors.newManager("cpu");
    private final NDScope scope = new NDScope();

    @AfterEach
    void close() {
        scope.close();
        manager.close();
    }

    private Rope rope(int headDim, int positions, double base) {
        return new Rope(manager, headDim, positions, base, Dtype.FLOAT32);
    }

    /// Head size 4, base 100: channel 0 turns with channel 2 by p, channel 1 with channel 3 by p / 10.
    @Test
    void apply_matchesTheRotationByHand() {
        NDArray x = manager.create(new float[] {1, 2, 3, 4, 1, 2, 3, 4}, new Shape(1, 1, 2, 4));
        float[] y = rope(4, 8, 100).first(2).apply(x).toFloatArray();
        double c1 = Math.cos(1);
        double s1 = Math.sin(1);
        double c2 = Math.cos(0.1);
        double s2 = Math.sin(0.1);
        assertThat(y)
                .containsExactly(
                        new float[] {
                            1,
                            2,
                            3,
                            4,
                            (float) (c1 - 3 * s1),
                            (float) (2 * c2 - 4 * s2),
                            (float) (3 * c1 + s1),
                            (float) (4 * c2 + 2 * s2)
                        },
                        within(1e-6f));
    }

    /// At position 32767 the fastest channel has turned 5215 times; float32 angles would be wrong in the third
    /// digit.
    @Test
    void at_isExactAtTheEndOfALongContext() {
        Rope rope = rope(64, 32_768, 1e6);
        long[] positions = {32_767, 0, 1000};
        Rope.Rotation rotation = rope.at(manager.create(positions, new Shape(1, 3)), 32_767);
        float[] cos = rotation.cos().toFloatArray();
        float[] sin = rotation.signedSin().toFloatArray();
        for (int t = 0; t < 3; t++) {
            for (int i = 0; i < 32; i++) {
                double angle = positions[t] * Math.pow(1e6, -i / 32.0);
                assertThat((double) cos[t * 64 + i]).isCloseTo(Math.cos(angle), within(1e-7));
                assertThat((double) cos[t * 64 + 32 + i]).isCloseTo(Math.cos(angle), within(1e-7));
                assertThat((double) sin[t * 64 + i]).isCloseTo(-Math.sin(angle), within(1e-7));
                assertThat((double) sin[t * 64 + 32 + i]).isCloseTo(Math.sin(angle), within(1e-7));
            }
        }
    }

    @Test
    void first_growsBeyondTheFirstTable_withoutChangingItsStart_orWhatWasHandedOut() {
        Rope rope = rope(8, 2000, 10_000);
        Rope.Rotation handedOut = rope.first(256);
        float[] before = handedOut.cos().toFloatArray();
        for (int length : new int[] {257, 300, 513, 1999, 2000}) {
            assertThat(rope.first(length).cos().getShape()).isEqualTo(new Shape(1, 1, length, 8));
        }
        float[] after = rope.first(256).cos().toFloatArray();
        assertThat(after).containsExactly(before);
        assertThat(handedOut.cos().toFloatArray()).containsExactly(before);
    }

    /// The tables outlive the scope of the step that grew them.
    @Test
    void first_growingInsideAScope_keepsTheTable() {
        Rope rope = rope(8, 2000, 10_000);
        try (NDScope _ = new NDScope()) {
            rope.first(700);
        }
        assertThat(rope.first(700).cos().toFloatArray()[0]).isEqualTo(1f);
    }

    @Test
    void first_ofMorePositionsThanTheModelHas_saysBoth() {
        assertThatThrownBy(() -> rope(8, 300, 10_000).first(301))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model has 300 positions, got 301");
    }

    /// The score of a query and a key depends on their distance alone.
    @Test
    void apply_isRelative() {
        Rope rope = rope(8, 1000, 10_000);
        NDArray q = manager.create(new float[] {1, -2, 3, 0.5f, -1, 2, 0.3f, 1}, new Shape(1, 1, 1, 8));
        NDArray k = manager.create(new float[] {0.2f, 1, -1, 2, 3, -0.5f, 1, 1}, new Shape(1, 1, 1, 8));
        assertThat(score(rope, q, 3, k, 1)).isCloseTo(score(rope, q, 803, k, 801), within(1e-4f));
        assertThat(score(rope, q, 3, k, 1)).isNotCloseTo(score(rope, q, 3, k, 2), within(1e-2f));
    }

    private float score(Rope rope, NDArray q, long at, NDArray k, long keyAt) {
        NDArray a =
                rope.at(manager.create(new long[] {at}, new Shape(1, 1)), at).apply(q);
        NDArray b = rope.at(manager.create(new long[] {keyAt}, new Shape(1, 1)), keyAt)
                .apply(k);
        return a.mul(b).sum().getFloat();
    }
}
