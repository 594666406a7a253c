package dev.razor.core.loss;

import ai.djl.ndarray.NDManager;
import dev.razor.core.base.Check;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.model.CausalLm;
import java.util.List;

/// The loss of held-out sequences, in nats a token:
///
/// ```
/// eval_loss = -sum over all marked tokens of  log pi(y_t | y_<t)  /  number of them
/// ```
///
/// Every token counts alike, whatever sequence it stands in, so that the batch size does not matter.
/// (transformers' `eval_loss` is a mean over batches, which weighs the tokens of small batches more.)
///
/// @param sequences at least one of which has a token to predict
/// @param batchSize sequences computed together
public record ValidationLoss(List<TokenSequence> sequences, int batchSize) {

    public ValidationLoss {
        sequences = List.copyOf(sequences);
        Check.that(
                sequences.stream().anyMatch(sequence -> sequence.predictions() > 0),
                "there is no token to measure a validation loss on");
    }

    /// The loss of `model` now. No gradient is recorded.
    public double of(CausalLm model, NDManager manager) {
        double sum = 0;
        long count = 0;
        for (TokenLogProbs.Scores scores : new SequenceScorer(model, manager, 1, batchSize).score(sequences, false)) {
            for (float logProb : scores.logProbs()) {
                sum -= logProb;
            }
            count += scores.logProbs().length;
        }
        return sum / count;
    }
}
