package dev.razor.eval.kl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.NotNumbers;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.loss.Divergences;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.SameTokens;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Measures how far a model `q` lies from a base model `p`.
///
/// ```
/// forward KL   E_{y ~ p} sum_t sum_v p(v | y_<t) (log p(v | y_<t) - log q(v | y_<t))      Rao-Blackwell
///            = E_{y ~ p} sum_t (log p(y_t | y_<t) - log q(y_t | y_<t))                    plain
///            = E_{y ~ p} sum_t (r_t - 1 - log r_t),  r_t = q(y_t | y_<t) / p(y_t | y_<t)     k3
/// reverse KL   E_{y ~ q} sum_t sum_v q(v | y_<t) (log q(v | y_<t) - log p(v | y_<t))
/// ```
///
/// The forms of the forward KL have one expectation; the first is never negative and varies least. Total
/// variation, L2 and Jensen-Shannon are taken at prefixes from `p`.
///
/// Both models compute the same batches in the same type, so that a model and itself lie exactly 0 apart.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor</a>, whose law uses the forward KL on the new task
public final class KlEvaluator {

    private static final long MODEL_STREAM = 1;

    private final PretrainedModel base;
    private final PretrainedModel model;
    private final int batchSize;

    /// Prepares to compare two models.
    ///
    /// @param batchSize sequences computed together
    /// @throws CheckpointException if the two models' token ids do not mean the same
    public KlEvaluator(PretrainedModel base, PretrainedModel model, int batchSize) {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        Check.that(base.dtype() == model.dtype(), "computed in two types, %s and %s", base.dtype(), model.dtype());
        SameTokens.require(base, model);
        this.base = base;
        this.model = model;
        this.batchSize = batchSize;
    }

    /// Compares the models on what the base model wrote and, for the reverse KL, on what the model writes after
    /// the same prompts.
    public KlResult sampled(BaseSamples samples, Progress progress) {
        List<SequenceDivergence> atBase = measure(samples.sequences(), "divergences at base samples", progress);
        List<KlSequence> drawn =
                samples.plan().draw(model.model(), model.manager(), MODEL_STREAM, "samples from model", progress);
        return KlResult.sampled(
                atBase,
                measure(drawn, "divergences at model samples", progress),
                samples.plan().seed());
    }

    /// Compares the models at every position of given completions.
    ///
    /// @param seed of the resampling
    public KlResult given(List<KlSequence> sequences, long seed, Progress progress) {
        return KlResult.given(measure(sequences, "divergences", progress), seed);
    }

    /// The divergences along each sequence, in the order of the sequences.
    List<SequenceDivergence> measure(List<KlSequence> sequences, String what, Progress progress) {
        List<Integer> order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> sequences.get(i).tokens().length()))
                .toList();
        SequenceDivergence[] results = new SequenceDivergence[sequences.size()];
        for (int start = 0; start < order.size(); start += batchSize) {
            List<Integer> chosen = order.subList(start, Math.min(order.size(), start + batchSize));
            List<SequenceDivergence> batch =
                    measureBatch(chosen.stream().map(sequences::get).toList());
            for (int i = 0; i < chosen.size(); i++) {
                results[chosen.get(i)] = batch.get(i);
            }
            progress.update(what, start + chosen.size(), order.size(), "");
        }
        return List.of(results);
    }

    private List<SequenceDivergence> measureBatch(List<KlSequence> sequences) {
        TokenBatch batch =
                TokenBatch.of(sequences.stream().map(KlSequence::tokens).toList());
        Divergences divergences;
        float[] baseLogProbs;
        float[] modelLogProbs;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray baseHidden = batch.hidden(base.model(), base.manager()); // [M, D]
            NDArray modelHidden = batch.hidden(model.model(), model.manager()); // [M, D']
            divergences = Divergences.between(
                    baseHidden, base.model().head(), modelHidden, model.model().head());
            baseLogProbs = logProbs(base, baseHidden, batch);
            modelLogProbs = logProbs(model, modelHidden, batch);
        }
        List<SequenceDivergence> results = new ArrayList<>();
        int from = 0;
        for (KlSequence sequence : sequences) {
            int to = from + sequence.completionIds().length;
            results.add(new SequenceDivergence(
                    sequence,
                    sum(divergences.forwardKl(), from, to),
                    sum(divergences.reverseKl(), from, to),
                    sum(divergences.totalVariation(), from, to),
                    sum(divergences.l2(), from, to),
                    sum(divergences.jensenShannon(), from, to),
                    k3(baseLogProbs, modelLogProbs, from, to),
                    k3(modelLogProbs, baseLogProbs, from, to),
                    sum(baseLogProbs, from, to),
                    sum(modelLogProbs, from, to)));
            requireNumbers(base, results.getLast().baseLogProb());
            requireNumbers(model, results.getLast().modelLogProb());
            NotNumbers.refuse(results.getLast().forwardKl(), model.directory().toString(), "forward KL");
            NotNumbers.refuse(results.getLast().reverseKl(), model.directory().toString(), "reverse KL");
            from = to;
        }
        return results;
    }

    private static void requireNumbers(PretrainedModel model, double logProb) {
        NotNumbers.refuse(logProb, model.directory().toString(), "log-probability of a completion");
    }

    private static float[] logProbs(PretrainedModel model, NDArray hidden, TokenBatch batch) {
        return TokenLogProbs.of(model.model().head())
                .score(hidden, batch.targets(), false)
                .logProbs();
    }

    /// `sum r - 1 - log r`, `r` the probability in `others` over that in `own`, of which the sample is.
    private static double k3(float[] own, float[] others, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double logRatio = (double) others[i] - own[i];
            sum += Math.expm1(logRatio) - logRatio;
        }
        return sum;
    }

    private static double sum(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum();
    }

    private static double sum(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
