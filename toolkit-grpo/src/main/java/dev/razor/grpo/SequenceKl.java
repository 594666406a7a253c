package dev.razor.grpo;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.Divergences;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.List;

/// The reverse KL along given completions, exact over the vocabulary at each of their prefixes:
///
/// ```
/// KL_i = sum over t, v of  pi(v | y_<t) (log pi(v | y_<t) - log pi0(v | y_<t))
/// ```
///
/// whose expectation over completions of `pi` is KL(pi || pi0) of whole completions.
final class SequenceKl {

    private SequenceKl() {}

    /// One KL a sequence, in nats, over its marked tokens.
    ///
    /// @param temperature what the logits of both models are divided by
    /// @param batchSize sequences computed together
    static double[] reverse(
            PretrainedModel policy,
            PretrainedModel base,
            List<TokenSequence> sequences,
            double temperature,
            int batchSize) {
        double[] sums = new double[sequences.size()];
        for (int start = 0; start < sums.length; start += batchSize) {
            List<TokenSequence> chosen = sequences.subList(start, Math.min(sums.length, start + batchSize));
            TokenBatch batch = TokenBatch.of(chosen);
            double[] positions;
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                positions = Divergences.between(
                                batch.hidden(base.model(), base.manager()),
                                base.model().head(),
                                batch.hidden(policy.model(), policy.manager()),
                                policy.model().head(),
                                temperature)
                        .reverseKl();
            }
            int from = 0;
            for (int i = 0; i < chosen.size(); i++) {
                int to = from + chosen.get(i).predictions();
                sums[start + i] = Arrays.stream(positions, from, to).sum();
                from = to;
            }
        }
        return sums;
    }
}
