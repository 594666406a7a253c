package dev.razor.eval;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A loaded model that scores continuations, with the softmax in float32 whatever type the model computes in.
///
/// A request may be one token longer than the model's context, because its last token is predicted and never
/// read.
public final class ModelLogLikelihoods implements LogLikelihoods {

    /// Batches between two tellings of progress.
    private static final int CHUNK_BATCHES = 8;

    private final PretrainedModel model;
    private final int batchSize;
    private final Progress progress;
    private final SequenceScorer scorer;

    /// @param batchSize requests computed together
    public ModelLogLikelihoods(PretrainedModel model, int batchSize, Progress progress) {
        this.model = model;
        this.batchSize = batchSize;
        this.progress = progress;
        this.scorer = new SequenceScorer(model.model(), model.manager(), 1, batchSize);
    }

    @Override
    public List<LogLikelihood> score(List<TokenizedRequest> requests) {
        // Longest first: what does not fit the memory shows at once, and the time left is overestimated at worst.
        List<Integer> order = IntStream.range(0, requests.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -length(requests.get(i))))
                .toList();
        LogLikelihood[] results = new LogLikelihood[requests.size()];
        int chunk = batchSize * CHUNK_BATCHES;
        for (int start = 0; start < order.size(); start += chunk) {
            List<Integer> chosen = order.subList(start, Math.min(order.size(), start + chunk));
            List<TokenLogProbs.Scores> scores =
                    scores(chosen.stream().map(requests::get).toList());
            for (int i = 0; i < chosen.size(); i++) {
                results[chosen.get(i)] = sum(scores.get(i));
            }
            progress.update("requests", start + chosen.size(), order.size(), "");
        }
        return List.of(results);
    }

    private List<TokenLogProbs.Scores> scores(List<TokenizedRequest> requests) {
        int context = model.model().contextLength();
        List<TokenSequence> fitting = new ArrayList<>();
        for (TokenizedRequest request : requests) {
            if (length(request) <= context) {
                fitting.add(TokenSequence.of(request.contextIds(), request.continuationIds()));
            }
        }
        var fits = scorer.score(fitting, false).iterator();
        return requests.stream()
                .map(request -> length(request) <= context ? fits.next() : withoutReadingTheLast(request))
                .toList();
    }

    private TokenLogProbs.Scores withoutReadingTheLast(TokenizedRequest request) {
        int read = length(request) - 1;
        int scored = request.continuationIds().length;
        int[] ids = Arrays.copyOf(request.contextIds(), length(request));
        System.arraycopy(request.continuationIds(), 0, ids, request.contextIds().length, scored);
        var batch = new TokenBatch(
                1,
                read,
                Arrays.stream(ids, 0, read).asLongStream().toArray(),
                IntStream.range(read - scored, read).asLongStream().toArray(),
                Arrays.stream(request.continuationIds()).asLongStream().toArray(),
                new int[0],
                read);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            return TokenLogProbs.of(model.model().head())
                    .score(batch.hidden(model.model(), model.manager()), batch.targets(), false);
        }
    }

    private static LogLikelihood sum(TokenLogProbs.Scores scores) {
        double sum = 0;
        boolean greedy = true;
        for (int t = 0; t < scores.logProbs().length; t++) {
            sum += scores.logProbs()[t];
            greedy &= scores.greedy()[t];
        }
        return new LogLikelihood(sum, greedy);
    }

    private static int length(TokenizedRequest request) {
        return request.contextIds().length + request.continuationIds().length;
    }
}
