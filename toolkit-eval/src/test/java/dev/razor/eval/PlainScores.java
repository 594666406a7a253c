package dev.razor.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.stream.IntStream;

/// A second implementation of scoring: one forward pass over one request, all logits at once, the softmax in
/// double precision in plain loops.
public final class PlainScores {

    private PlainScores() {}

    public static LogLikelihood of(PretrainedModel model, TokenizedRequest request) {
        int[] ids = IntStream.concat(IntStream.of(request.contextIds()), IntStream.of(request.continuationIds()))
                .toArray();
        long[] read = IntStream.of(ids).limit(ids.length - 1L).asLongStream().toArray();
        int vocabulary = model.model().vocabularySize();
        float[] logits;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray tokens = model.manager().create(read, new Shape(1, read.length));
            NDArray hidden = model.model().hidden(tokens, new AttentionContext.Causal());
            logits = Aten.to(model.model().head().apply(hidden), Dtype.FLOAT32).toFloatArray();
        }
        double sum = 0;
        boolean greedy = true;
        for (int t = request.contextIds().length; t < ids.length; t++) {
            int row = (t - 1) * vocabulary;
            int best = 0;
            for (int v = 1; v < vocabulary; v++) {
                best = logits[row + v] > logits[row + best] ? v : best;
            }
            double total = 0;
            for (int v = 0; v < vocabulary; v++) {
                total += Math.exp((double) logits[row + v] - logits[row + best]);
            }
            sum += logits[row + ids[t]] - logits[row + best] - Math.log(total);
            greedy &= best == ids[t];
        }
        return new LogLikelihood(sum, greedy);
    }
}
