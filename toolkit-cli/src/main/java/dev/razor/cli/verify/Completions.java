package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of a prompt and a completion, and the completion-only loss over a batch of them: the mean over the
/// completions' tokens of their negative log-probabilities.
final class Completions {

    private Completions() {}

    /// The rows at `list`, each with `prompt_ids` and `completion_ids`.
    static List<TokenSequence> rows(Subject subject, GoldenValue list) {
        List<TokenSequence> rows = new ArrayList<>();
        for (GoldenValue row : list.list()) {
            rows.add(TokenSequence.of(subject.ids(row.get("prompt_ids")), subject.ids(row.get("completion_ids"))));
        }
        return rows;
    }

    /// Adds the loss's gradient to that of the parameters.
    ///
    /// @return the negative log-probabilities' sum of each row
    static double[] backward(PretrainedModel model, List<TokenSequence> rows) {
        TokenBatch batch = TokenBatch.of(rows);
        float[] weights = new float[batch.predictions()];
        Arrays.fill(weights, -1f / weights.length);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass = batch.forward(model.model(), model.manager(), false);
            return sums(TokenLogProbs.of(model.model().head()).backward(pass, batch.targets(), weights), rows);
        }
    }

    /// The same sums without gradients.
    static double[] sums(PretrainedModel model, List<TokenSequence> rows) {
        TokenBatch batch = TokenBatch.of(rows);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray hidden = batch.hidden(model.model(), model.manager());
            TokenLogProbs logProbs = TokenLogProbs.of(model.model().head());
            return sums(logProbs.score(hidden, batch.targets(), false).logProbs(), rows);
        }
    }

    private static double[] sums(float[] logProbs, List<TokenSequence> rows) {
        double[] sums = new double[rows.size()];
        int at = 0;
        for (int i = 0; i < sums.length; i++) {
            for (int t = 0; t < rows.get(i).predictions(); t++) {
                sums[i] -= logProbs[at];
                at++;
            }
        }
        return sums;
    }

    /// The number of tokens that `rows` are trained on.
    static int tokens(List<TokenSequence> rows) {
        return rows.stream().mapToInt(TokenSequence::predictions).sum();
    }
}
