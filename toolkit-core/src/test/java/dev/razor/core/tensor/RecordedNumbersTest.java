package dev.razor.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a recorded graph keeps, and what it can be asked.
final class RecordedNumbersTest {

    private final NDManager manager = Tensors.newManager("cpu");

    @AfterEach
    void close() {
        manager.close();
    }

    /// The gradients of `operation` at (1, 2), taken after what Java has let go of has been freed and written over.
    private float[] gradient(UnaryOperator<NDArray> operation) throws InterruptedException {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            NDArray x = Aten.copyOf(manager.create(new float[] {1, 2}));
            x.setRequiresGradient(true);
            NDArray y = operation.apply(x);
            System.gc();
            Thread.sleep(20); // the buffers are freed on another thread
            List<ByteBuffer> others = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                others.add(ByteBuffer.allocateDirect(8).putDouble(0, 1e30 * i));
            }
            Tensors.backward(y, manager.create(new float[] {1, 10}));
            assertThat(others).hasSize(20_000);
            return Objects.requireNonNull(Tensors.gradient(x)).toFloatArray();
        }
    }

    @Test
    void timesAndOver_outliveTheirNumbers() throws InterruptedException {
        assertThat(gradient(x -> Aten.times(x, 3))).containsExactly(3, 30);
        assertThat(gradient(x -> Aten.over(x, 4))).containsExactly(0.25f, 2.5f);
    }

    @Test
    void isRecorded_tellsWhereABackwardPassCanStart() {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            NDArray frozen = Aten.copyOf(manager.create(new float[] {1, 2}));
            NDArray trained = Aten.copyOf(frozen);
            trained.setRequiresGradient(true);
            assertThat(Tensors.isRecorded(frozen)).isFalse();
            assertThat(Tensors.isRecorded(frozen.mul(frozen))).isFalse();
            assertThat(Tensors.isRecorded(trained)).isTrue();
            assertThat(Tensors.isRecorded(frozen.mul(trained))).isTrue();
            assertThat(Tensors.isRecorded(Aten.detach(frozen.mul(trained)))).isFalse();
        }
    }
}
