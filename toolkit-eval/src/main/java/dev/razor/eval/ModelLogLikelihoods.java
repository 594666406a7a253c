package dev.razor.eval;

import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.scoring.SharedScoring;
import java.util.List;

/// A loaded model that scores continuations, with the softmax in float32 whatever type the model computes in.
///
/// What requests have in common at their beginning is computed once ([SharedScoring]). A request may be one token
/// longer than the model's context, because its last token is predicted and never read.
public final class ModelLogLikelihoods implements LogLikelihoods {

    private final SharedScoring scoring;

    /// @param batchSize a forward pass has at most this many times the tokens of its longest request
    public ModelLogLikelihoods(PretrainedModel model, int batchSize, Progress progress) {
        this(model, batchSize, progress, true);
    }

    /// @param batchSize a forward pass has at most this many times the tokens of its longest request
    /// @param sharing false computes every request apart, to compare with
    public ModelLogLikelihoods(PretrainedModel model, int batchSize, Progress progress, boolean sharing) {
        scoring = new SharedScoring(model, batchSize, progress, sharing);
    }

    @Override
    public List<LogLikelihood> score(List<TokenizedRequest> requests) {
        return scoring.score(requests);
    }
}
