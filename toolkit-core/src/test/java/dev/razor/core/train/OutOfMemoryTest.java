package dev.razor.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.TensorException;
import dev.razor.core.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {

    private static final long TOO_MANY = 1L << 58; // float32: 2^60 bytes

    private final NDManager manager = Tensors.newManager("cpu");

    @AfterEach
    void close() {
        manager.close();
    }

    private static TrainingArguments arguments(String... settings) {
        return ConfigLoader.parse("learning_rate: 1e-5", "test", List.of(settings), TrainingArguments.class);
    }

    @Test
    void explain_turnsDjlsFailureIntoOneLine() {
        EngineException e =
                catchThrowableOfType(EngineException.class, () -> manager.zeros(new Shape(TOO_MANY), DataType.FLOAT32));
        RuntimeException explained = OutOfMemory.explain(e, arguments("gradient_accumulation_steps=2"), 1024);
        assertThat(explained)
                .isInstanceOf(ConfigException.class)
                .hasCause(e)
                .hasMessage("memory: device auto has none left for the training step (asked for 1152921504606846976"
                        + " bytes more); set gradient_checkpointing: true (now false), or lower"
                        + " per_device_train_batch_size (now 8) and raise gradient_accumulation_steps (now 2), or"
                        + " lower max_length (now 1024), or set optimizer_state_dtype: bfloat16 (now float32), or"
                        + " set dtype: bfloat16 (now auto)");
        assertThat(((ConfigException) explained).problems()).hasSize(1);
    }

    @Test
    void explain_turnsTheBridgesFailuresIntoOneLine() {
        TensorException made =
                catchThrowableOfType(TensorException.class, () -> Tensors.empty(manager, Dtype.FLOAT32, TOO_MANY));
        NDArray one = Tensors.zeros(manager, Dtype.FLOAT32, 1);
        NDArray seen = Aten.narrow(one, 0, 0, 1).broadcast(TOO_MANY); // a view: takes no memory
        TensorException called = catchThrowableOfType(TensorException.class, () -> Aten.contiguous(seen));
        for (TensorException e : List.of(made, called)) {
            RuntimeException explained = OutOfMemory.explain(
                    e,
                    arguments(
                            "gradient_checkpointing=true",
                            "per_device_train_batch_size=1",
                            "optimizer_state_dtype=bfloat16",
                            "dtype=bfloat16",
                            "device=cpu"),
                    512);
            assertThat(explained)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("memory: device cpu has none left for the training step; lower max_length (now 512)");
        }
    }

    @Test
    void explain_leavesOtherFailuresAlone() {
        NDArray two = Tensors.zeros(manager, Dtype.FLOAT32, 2, 3);
        NDArray misfit = Tensors.zeros(manager, Dtype.FLOAT32, 2, 2);
        TensorException shapes = catchThrowableOfType(TensorException.class, () -> Aten.linear(two, misfit, null));
        assertThat(OutOfMemory.explain(shapes, arguments(), 512)).isSameAs(shapes);
        EngineException engine = new EngineException("The size of tensor a (2) must match the size of tensor b (3)");
        assertThat(OutOfMemory.explain(engine, arguments(), 512)).isSameAs(engine);
        RuntimeException other = new IllegalStateException("out of memory");
        assertThat(OutOfMemory.explain(other, arguments(), 512)).isSameAs(other);
    }
}
