package dev.razor.core.model.qwen2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.CheckpointWeights;
import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import org.junit.jupiter.api.Test;

final class GoldenLogitsTest {

    @Test
    void hidden_givesTheReferenceLogits() {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off();
                Checkpoint checkpoint = Checkpoint.open(Golden.model());
                SafetensorsFile golden =
                        SafetensorsFile.open(Golden.directory().resolve("golden/logits.safetensors"))) {
            Qwen2Config config = ModelConfigFile.qwen2(Golden.model(), ModelConfigFile.readJson(Golden.model()));
            Qwen2Decoder model = Qwen2Decoder.load(
                    manager, config, new CheckpointWeights(manager, checkpoint, Dtype.FLOAT32, false));
            for (int i = 0; i < 4; i++) {
                NDArray ids = golden.copy(manager, "prompt%d.input_ids".formatted(i), Dtype.INT64);
                long length = ids.getShape().get(0);
                NDArray hidden = model.hidden(ids.reshape(new Shape(1, length)), new AttentionContext.Causal());
                float[] logits = model.head().apply(hidden).toFloatArray();
                float[] expected = golden.copy(manager, "prompt%d.logits".formatted(i), Dtype.FLOAT32)
                        .toFloatArray();
                assertThat(logits).containsExactly(expected, within(2e-4f));
            }
        }
    }
}
