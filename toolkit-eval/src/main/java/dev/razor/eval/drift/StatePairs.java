package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.NotNumbers;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.SameTokens;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What two models compute inside for the same texts: the residual stream behind every layer, and the final,
/// normalised hidden states.
///
/// Shapes: `B` texts of a batch, `T` tokens of its longest, `D` hidden size, `L` layers.
final class StatePairs {

    private final PretrainedModel base;
    private final PretrainedModel model;
    private final int batchSize;

    /// @throws CheckpointException if the models' tokens or numbers of layers differ
    StatePairs(PretrainedModel base, PretrainedModel model, int batchSize) {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        SameTokens.require(base, model);
        if (base.model().layers() != model.model().layers()) {
            throw new CheckpointException("%s: has %d layers, but %s has %d; give two models of one depth"
                    .formatted(
                            model.directory(),
                            model.model().layers(),
                            base.directory(),
                            base.model().layers()));
        }
        this.base = base;
        this.model = model;
        this.batchSize = batchSize;
    }

    /// The names of what is looked at: `layers.0` to `layers.L-1`, and `norm` for the final hidden states.
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int l = 0; l < base.model().layers(); l++) {
            names.add("layers." + l);
        }
        names.add("norm");
        return names;
    }

    /// One batch of both models.
    ///
    /// @param texts which texts it has, by their number
    /// @param lengths tokens of each, behind which the states are padding
    /// @param base `[B, T, D]` in float32, for each of [#names]
    /// @param model the same of the other model
    record Batch(List<Integer> texts, int[] lengths, List<NDArray> base, List<NDArray> model) {}

    /// Looks at a batch.
    interface Look {
        void accept(Batch batch);
    }

    /// Computes all texts, those of like length together, and frees each batch behind the look at it.
    void forEachBatch(List<int[]> texts, String what, Progress progress, Look look) {
        List<Integer> order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length))
                .toList();
        for (int start = 0; start < order.size(); start += batchSize) {
            List<Integer> chosen = order.subList(start, Math.min(order.size(), start + batchSize));
            List<int[]> ids = chosen.stream().map(texts::get).toList();
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                int[] lengths = ids.stream().mapToInt(one -> one.length).toArray();
                look.accept(new Batch(chosen, lengths, states(base, ids), states(model, ids)));
            }
            progress.update(what, start + chosen.size(), order.size(), "");
        }
    }

    private static List<NDArray> states(PretrainedModel model, List<int[]> texts) {
        int width = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        long[] padded = new long[texts.size() * width];
        for (int b = 0; b < texts.size(); b++) {
            for (int t = 0; t < texts.get(b).length; t++) {
                padded[b * width + t] = texts.get(b)[t];
            }
        }
        NDArray ids = model.manager().create(padded, new Shape(texts.size(), width)); // [B, T]
        List<NDArray> states = new ArrayList<>();
        NDArray last =
                model.model().hidden(ids, new AttentionContext.Causal(), (_, layer) -> states.add(layer)); // [B, T, D]
        states.add(Aten.to(last, Dtype.FLOAT32));
        NotNumbers.refuse(
                states.getLast().abs().max().getFloat(), model.directory().toString(), "hidden state");
        return states;
    }
}
