package dev.razor.core.pretrained;

import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;

/// Loads a model in a Java process of its own and looks at some of it; for [HugeCheckpointTest], which bounds the heap
/// of that process.
final class HugeCheckpoint {

    private HugeCheckpoint() {}

    /// @param args the model's directory
    public static void main(String[] args) {
        try (PretrainedModel model = PretrainedModel.load(Path.of(args[0]), LoadOptions.frozen("cpu", "auto"));
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray table = model.parameters().get("model.embed_tokens.weight");
            NDArray head = model.parameters().get("lm_head.weight");
            long last = model.model().vocabularySize() - 1L;
            float sum = 0;
            for (NDArray weight : List.of(table, head)) {
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
