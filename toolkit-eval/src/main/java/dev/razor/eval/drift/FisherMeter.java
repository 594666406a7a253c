package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Measures the change of weights in the metric of the base's Fisher information, of which the diagonal is taken:
///
/// ```
/// F_i = mean over samples y of (d log p(y | x) / dW_i)^2         y drawn from the base, whole completions
/// sum_i F_i d_i^2 = mean over samples of sum_i (g_i d_i)^2       d = W_model - W_base
/// ```
///
/// The second line is how it is computed: `F` itself, as large as the model, never exists, and each sample gives
/// a number of its own, so that there is an interval. The prompts are of the *previous* task, whose loss `F`
/// describes.
///
/// @see <a href="https://arxiv.org/abs/1612.00796">Kirkpatrick et al. 2017</a> for the diagonal as a measure of
///     what an old task needs
public final class FisherMeter {

    private FisherMeter() {}

    /// Takes the gradient of each of the base's samples.
    ///
    /// @param base all of whose weights are trainable; no adapter
    /// @param model the other model's directory, of weights or of a PEFT adapter
    public static FisherChange measure(PretrainedModel base, Path model, BaseSamples samples, Progress progress) {
        Map<String, NDArray> weights = base.parameters();
        Check.that(
                base.adapter() == null && base.trainable().size() == weights.size(),
                "the base's weights must be trainable, and it can have no adapter");
        List<KlSequence> sequences = samples.sequences();
        double[] values = new double[sequences.size()];
        try (WeightPair pair = new WeightPair(base.directory(), model);
                WeightPair.Opened opened = pair.open()) {
            for (int i = 0; i < values.length; i++) {
                backward(base, sequences.get(i));
                for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                    values[i] += weighted(opened, weight.getKey(), weight.getValue());
                }
                progress.update("fisher", i + 1, values.length, "");
            }
        }
        int[] prompts = sequences.stream().mapToInt(KlSequence::prompt).toArray();
        int truncated = (int) sequences.stream().filter(KlSequence::truncated).count();
        return FisherChange.of(values, prompts, truncated, samples.plan().seed());
    }

    /// Leaves `d log p(y | x) / dW` in the weights' gradients.
    private static void backward(PretrainedModel base, KlSequence sequence) {
        TokenBatch batch = TokenBatch.of(List.of(sequence.tokens()));
        float[] ones = new float[batch.predictions()];
        Arrays.fill(ones, 1);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass = batch.forward(base.model(), base.manager(), false);
            TokenLogProbs.of(base.model().head()).backward(pass, batch.targets(), ones);
        }
    }

    /// `sum_i (g_i d_i)^2` of one weight, whose gradient is used up.
    private static double weighted(WeightPair.Opened opened, String name, NDArray weight) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray gradient = Tensors.gradient(weight);
            if (gradient == null) {
                return 0; // the log-probability does not depend on it
            }
            int axis = WeightPair.chunkedAxis(weight.getShape().getShape());
            double[] sum = new double[1];
            opened.forEachChunk(name, weight.getManager(), (base, model, from) -> {
                NDArray part = Aten.narrow(gradient, axis, from, base.getShape().get(axis));
                NDArray product = Aten.to(part, Dtype.FLOAT64).mul(model.sub(base));
                sum[0] += product.square().sum().getDouble();
            });
            Aten.zeroInPlace(gradient);
            return sum[0];
        }
    }
}
