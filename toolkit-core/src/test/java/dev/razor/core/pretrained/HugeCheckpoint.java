package dev.razor.core.pretrained;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Loads a model in a Java process of its own and looks at some of it; for [HugeCheckpointTest], which bounds the
/// heap of that process.
final class HugeCheckpoint {

    private HugeCheckpoint() {}

    /// Prints what it found.
    ///
    /// @param args the model's directory
    public static void main(String[] args) {
        try (PretrainedModel model = PretrainedModel.load(Path.of(args[0]), LoadOptions.frozen("cpu", "auto"));
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            long last = model.model().vocabularySize() - 1L;
            float sum = 0;
            for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
                NDArray weight = Objects.requireNonNull(model.parameters().get(name), name);
                NDArray row = Aten.narrow(weight, 0, last, 1);
                sum += Aten.to(row, Dtype.FLOAT32).sum().getFloat();
            }
            NDArray ids = model.manager().create(new long[] {0, last}, new Shape(1, 2));
            NDArray hidden = model.model().hidden(ids, new AttentionContext.Causal());
            sum += Aten.to(hidden, Dtype.FLOAT32).abs().sum().getFloat();
            System.out.printf("%d weights, %s, sum %s%n", model.parameterCount(), model.dtype(), sum);
        }
    }
}
