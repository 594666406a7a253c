package dev.razor.cli.verify;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.eval.EncodePair;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.TokenizedRequest;
import java.util.ArrayList;
import java.util.List;

/// A model that scores continuations for `dev.razor.eval`.
record Scoring(PretrainedModel model) implements LogLikelihoods {

    /// The joining and splitting of texts for the base model's tokenizer.
    static EncodePair pairs(Subject subject) {
        Tokenizer tokenizer = subject.tokenizer();
        return new EncodePair(
                tokenizer::encode,
                EncodePair.prefixToken(tokenizer.bosTokenId(), tokenizer.eosTokenId()),
                subject.base().model().contextLength());
    }

    @Override
    public List<LogLikelihood> score(List<TokenizedRequest> requests) {
        List<TokenSequence> sequences = requests.stream()
                .map(request -> TokenSequence.of(request.contextIds(), request.continuationIds()))
                .toList();
        var scorer = new SequenceScorer(model.model(), model.manager(), 1, Subject.BATCH_SIZE);
        List<LogLikelihood> found = new ArrayList<>();
        for (TokenLogProbs.Scores scores : scorer.score(sequences, false)) {
            double sum = 0;
            boolean greedy = true;
            for (int t = 0; t < scores.logProbs().length; t++) {
                sum += scores.logProbs()[t];
                greedy &= scores.greedy()[t];
            }
            found.add(new LogLikelihood(sum, greedy));
        }
        return found;
    }
}
