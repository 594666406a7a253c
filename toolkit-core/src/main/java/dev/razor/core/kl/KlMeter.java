package dev.razor.core.kl;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.loss.Divergences;
import dev.razor.core.model.CausalLm;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How far the weights of a run have moved by now, on completions that the base drew once:
///
/// ```
/// forward KL = mean over completions of  sum_t KL(p(. | y_<t) || q(. | y_<t)),  y ~ p          nats a completion
/// ```
///
/// Each term is exact over the vocabulary and in float64 (the Rao-Blackwell form: never negative, and zero for
/// the base itself). It is the number that a study's `forward_kl` states for the same completions.
///
/// @param samples what the base drew, and how
/// @see <a href="https://arxiv.org/abs/2504.10637">Amini et al. 2025</a> for the Rao-Blackwell form
public record KlMeter(BaseSamples samples) {

    /// The divergence of `model` from `base`, two models on the device of `manager`.
    ///
    /// They may be one network whose weights or adapters the caller has at hand in two states, as long as both
    /// can be asked during this call. No gradient is recorded.
    public double forwardKl(CausalLm base, CausalLm model, NDManager manager, Progress progress) {
        Check.that(
                base.vocabularySize() == model.vocabularySize(),
                "the models' vocabularies differ: %d and %d ids",
                base.vocabularySize(),
                model.vocabularySize());
        List<KlSequence> sequences = samples.sequences();
        int batchSize = samples.plan().batchSize();
        List<Integer> order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> sequences.get(i).tokens().length()))
                .toList();
        double[] byPrompt = new double[samples.plan().prompts().size()];
        double[] bySequence = new double[sequences.size()];
        for (int start = 0; start < order.size(); start += batchSize) {
            List<Integer> chosen = order.subList(start, Math.min(order.size(), start + batchSize));
            TokenBatch batch = TokenBatch.of(
                    chosen.stream().map(i -> sequences.get(i).tokens()).toList());
            double[] positions = positions(base, model, manager, batch);
            int from = 0;
            for (int i : chosen) {
                int to = from + sequences.get(i).completionIds().length;
                bySequence[i] = Arrays.stream(positions, from, to).sum();
                from = to;
            }
            progress.update("forward KL", start + chosen.size(), order.size(), "");
        }
        for (int i = 0; i < bySequence.length; i++) {
            byPrompt[sequences.get(i).prompt()] += bySequence[i];
        }
        double sum = 0;
        for (double prompt : byPrompt) {
            sum += prompt;
        }
        return sum / sequences.size();
    }

    private static double[] positions(CausalLm base, CausalLm model, NDManager manager, TokenBatch batch) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            return Divergences.between(
                            batch.hidden(base, manager), base.head(), batch.hidden(model, manager), model.head())
                    .forwardKl();
        }
    }
}
