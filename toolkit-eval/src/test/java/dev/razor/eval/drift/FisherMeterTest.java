package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FisherMeterTest {

    private static final int ROW = 7;
    private static final String BIAS = "model.layers.0.self_attn.v_proj.bias";
    private static final SamplingPlan PLAN =
            new SamplingPlan(List.of(new int[] {1, 2, 3}, new int[] {4, 5}), 2, 4, new int[] {0}, 3, 4);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path base;

    @BeforeEach
    void write() throws IOException {
        base = Changed.write(folder.resolve("base"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {});
    }

    private PretrainedModel load() {
        return PretrainedModel.load(base, new LoadOptions("cpu", "float32", true));
    }

    /// The head alone has moved, in the row of token 7, by `d`. The gradient there is
    ///
    ///     sum over t of (1[y_t = 7] - p_t(7)) h_t
    @Test
    void measure_ofAChangedHeadRow_isTheAnalyticSum() throws IOException {
        float[] d = new float[32];
        for (int i = 0; i < d.length; i++) {
            d[i] = (i % 5 - 2) * 0.25f;
        }
        Path model = Changed.write(folder.resolve("model"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (name, values) -> {
            for (int i = 0; i < d.length && name.equals("lm_head.weight"); i++) {
                values[ROW * 32 + i] += d[i];
            }
        });
        float[] head =
                Objects.requireNonNull(Changed.values(TinyModel.UNTIED, 1).get("lm_head.weight"));
        try (PretrainedModel loaded = load()) {
            BaseSamples samples = BaseSamples.draw(loaded, PLAN, Progress.silent());
            FisherChange found = FisherMeter.measure(loaded, model, samples, Progress.silent());
            double sum = 0;
            for (KlSequence one : samples.sequences()) {
                double[] gradient = headGradient(loaded, one, head);
                for (int i = 0; i < d.length; i++) {
                    sum += gradient[i]
                            * gradient[i]
                            * d[i]
                            * d[i]
                            / samples.sequences().size();
                }
            }
            assertThat(found.mean()).isPositive().isCloseTo(sum, within(1e-4 * sum));
            assertThat(found.samples()).isEqualTo(4);
            assertThat(found.prompts()).isEqualTo(2);
            assertThat(found.ci95().low()).isLessThanOrEqualTo(found.mean());
            assertThat(found.ci95().high()).isGreaterThanOrEqualTo(found.mean());
            assertThat(FisherMeter.measure(loaded, model, samples, Progress.silent()))
                    .as("nothing is left over in the gradients")
                    .isEqualTo(found);
        }
    }

    private static double[] headGradient(PretrainedModel model, KlSequence one, float[] head) {
        int[] ids = one.tokens().ids();
        long[] tokens = new long[ids.length];
        for (int t = 0; t < ids.length; t++) {
            tokens[t] = ids[t];
        }
        double[] gradient = new double[32];
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray all = model.model()
                    .hidden(model.manager().create(tokens, new Shape(1, ids.length)), new AttentionContext.Causal());
            float[] hidden = all.toFloatArray();
            for (int t = one.promptIds().length - 1; t < ids.length - 1; t++) {
                double sum = 0;
                double ofRow = 0;
                for (int v = 0; v < 64; v++) {
                    double logit = 0;
                    for (int i = 0; i < 32; i++) {
                        logit += (double) head[v * 32 + i] * hidden[t * 32 + i];
                    }
                    sum += Math.exp(logit);
                    ofRow = v == ROW ? Math.exp(logit) : ofRow;
                }
                for (int i = 0; i < 32; i++) {
                    gradient[i] += ((ids[t + 1] == ROW ? 1 : 0) - ofRow / sum) * hidden[t * 32 + i];
                }
            }
        }
        return gradient;
    }

    /// One bias has moved by 1: the mean of its squared derivative, here by differences of log-probabilities.
    @Test
    void measure_ofAChangedBias_agreesWithDifferences() throws IOException {
        Path model = Changed.write(folder.resolve("model"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (name, values) -> {
            if (name.equals(BIAS)) {
                values[3] += 1;
            }
        });
        try (PretrainedModel loaded = load()) {
            BaseSamples samples = BaseSamples.draw(loaded, PLAN, Progress.silent());
            double found = FisherMeter.measure(loaded, model, samples, Progress.silent())
                    .mean();
            double sum = 0;
            for (KlSequence one : samples.sequences()) {
                double step = 0.01;
                double derivative = (logProb(loaded, one, step) - logProb(loaded, one, -step)) / (2 * step);
                sum += derivative * derivative / samples.sequences().size();
            }
            assertThat(found).isCloseTo(sum, within(0.01 * sum));
        }
    }

    private static double logProb(PretrainedModel model, KlSequence one, double added) {
        NDArray bias = Objects.requireNonNull(model.parameters().get(BIAS));
        float[] before = bias.toFloatArray();
        float[] after = before.clone();
        after[3] += (float) added;
        try {
            set(model, bias, after);
            var scorer = new SequenceScorer(model.model(), model.manager(), 1, 1);
            TokenSequence tokens = one.tokens();
            double sum = 0;
            for (float logProb : scorer.score(List.of(tokens), false).getFirst().logProbs()) {
                sum += logProb;
            }
            return sum;
        } finally {
            set(model, bias, before);
        }
    }

    private static void set(PretrainedModel model, NDArray weight, float[] values) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            Aten.copyInPlace(weight, model.manager().create(values, weight.getShape()));
        }
    }

    @Test
    void measure_ofTheBaseItself_isExactlyZero_andLeavesNothingBehind() {
        try (PretrainedModel loaded = load()) {
            BaseSamples samples = BaseSamples.draw(loaded, PLAN, Progress.silent());
            assertThat(FisherMeter.measure(loaded, base, samples, Progress.silent())
                            .mean())
                    .isZero();
            int before = loaded.manager().getManagedArrays().size();
            FisherMeter.measure(loaded, base, samples, Progress.silent());
            assertThat(loaded.manager().getManagedArrays()).hasSize(before);
        }
    }
}
