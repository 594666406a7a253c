package dev.razor.core.loss;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.CausalLm;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Scores the marked tokens of sequences in batches of like length, without gradients.
public final class SequenceScorer {

    private final CausalLm model;
    private final NDManager manager;
    private final TokenLogProbs logProbs;
    private final int batchSize;

    /// @param temperature what logits are divided by
    /// @param batchSize sequences scored together
    public SequenceScorer(CausalLm model, NDManager manager, double temperature, int batchSize) {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        this.model = model;
        this.manager = manager;
        this.logProbs = TokenLogProbs.of(model.head(), temperature);
        this.batchSize = batchSize;
    }

    /// The scores of each sequence's predictions, in the order of the sequences.
    public List<TokenLogProbs.Scores> score(List<TokenSequence> sequences, boolean withEntropies) {
        TokenLogProbs.Scores[] results = new TokenLogProbs.Scores[sequences.size()];
        List<Integer> order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> sequences.get(i).length()))
                .toList();
        for (int start = 0; start < order.size(); start += batchSize) {
            List<Integer> chosen = order.subList(start, Math.min(order.size(), start + batchSize));
            TokenBatch batch = TokenBatch.of(chosen.stream().map(sequences::get).toList());
            TokenLogProbs.Scores scores = scoreBatch(batch, withEntropies);
            int from = 0;
            for (int index : chosen) {
                int to = from + sequences.get(index).predictions();
                results[index] = slice(scores, from, to);
                from = to;
            }
        }
        return List.of(results);
    }

    private TokenLogProbs.Scores scoreBatch(TokenBatch batch, boolean withEntropies) {
        if (batch.predictions() == 0) {
            return new TokenLogProbs.Scores(new float[0], new boolean[0], new float[0]);
        }
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            return logProbs.score(batch.hidden(model, manager), batch.targets(), withEntropies);
        }
    }

    private static TokenLogProbs.Scores slice(TokenLogProbs.Scores scores, int from, int to) {
        return new TokenLogProbs.Scores(
                Arrays.copyOfRange(scores.logProbs(), from, to),
                Arrays.copyOfRange(scores.greedy(), from, to),
                scores.entropies().length == 0 ? scores.entropies() : Arrays.copyOfRange(scores.entropies(), from, to));
    }
}
