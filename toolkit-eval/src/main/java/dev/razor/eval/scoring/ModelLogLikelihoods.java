package dev.razor.eval.scoring;

import dev.razor.core.base.Check;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.TokenizedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A loaded model that scores continuations, with the softmax in float32 whatever type the model computes in.
/// Tokens that several requests begin with are computed once.
///
/// The requests are put into the lexicographic order of their tokens, in which those that share a beginning are
/// neighbours: the choices of a document, and the documents after the same solved examples. A forward pass takes
/// as many of them as fit, as a tree of tokens laid out in one row without padding. A beginning that is shared
/// across passes is computed once in each. A request may be one token longer than the model's context, because
/// its last token is predicted and never read.
public final class ModelLogLikelihoods implements LogLikelihoods {

    private final PretrainedModel model;
    private final int batchSize;
    private final Progress progress;
    private final boolean sharing;

    /// @param batchSize a forward pass has at most this many times the tokens of its longest request
    public ModelLogLikelihoods(PretrainedModel model, int batchSize, Progress progress) {
        this(model, batchSize, progress, true);
    }

    /// @param batchSize a forward pass has at most this many times the tokens of its longest request
    /// @param sharing false computes every request apart, to compare with
    public ModelLogLikelihoods(PretrainedModel model, int batchSize, Progress progress, boolean sharing) {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        this.model = model;
        this.batchSize = batchSize;
        this.progress = progress;
        this.sharing = sharing;
    }

    @Override
    public List<LogLikelihood> score(List<TokenizedRequest> requests) {
        LogLikelihood[] results = new LogLikelihood[requests.size()];
        int done = 0;
        for (ScoringBatch batch : batches(requests)) {
            batch.score(model.model(), model.manager(), model.dtype(), requests, results);
            done += batch.members().size();
            progress.update("requests", done, requests.size(), "");
        }
        return List.of(results);
    }

    /// Largest first: what does not fit the memory shows at once, and the time left is overestimated at worst.
    List<ScoringBatch> batches(List<TokenizedRequest> requests) {
        int[][] read = requests.stream().map(ModelLogLikelihoods::read).toArray(int[][]::new);
        List<Integer> order = IntStream.range(0, read.length)
                .boxed()
                .sorted((a, b) -> Arrays.compare(read[a], read[b]))
                .toList();
        var batches = new ArrayList<ScoringBatch>();
        var members = new ArrayList<Integer>();
        var tree = new PrefixTree(sharing);
        int longest = 0;
        for (int index : order) {
            int[] ids = read[index];
            longest = Math.max(longest, ids.length);
            if (!members.isEmpty() && tree.tokens() + tree.added(ids) > batchSize * longest) {
                batches.add(new ScoringBatch(List.copyOf(members), tree));
                members.clear();
                tree = new PrefixTree(sharing);
                longest = ids.length;
            }
            tree.add(ids);
            members.add(index);
        }
        if (!members.isEmpty()) {
            batches.add(new ScoringBatch(List.copyOf(members), tree));
        }
        batches.sort(Comparator.comparingInt(batch -> -batch.tree().tokens()));
        return List.copyOf(batches);
    }

    /// All tokens but the last.
    private static int[] read(TokenizedRequest request) {
        int[] ids =
                Arrays.copyOf(request.contextIds(), request.contextIds().length + request.continuationIds().length - 1);
        System.arraycopy(
                request.continuationIds(), 0, ids, request.contextIds().length, request.continuationIds().length - 1);
        return ids;
    }
}
