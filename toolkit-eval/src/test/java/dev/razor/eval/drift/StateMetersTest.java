package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The meters of activations and of representations.
class StateMetersTest {

    private static final List<int[]> TEXTS = texts();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static List<int[]> texts() {
        Random random = new Random(9);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            texts.add(random.ints(1 + random.nextInt(9), 0, 64).toArray());
        }
        return texts;
    }

    private PretrainedModel base() throws IOException {
        return load(Changed.write(folder.resolve("base"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {}));
    }

    private PretrainedModel moved() throws IOException {
        Random random = new Random(2);
        return load(Changed.write(folder.resolve("moved"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.02 * random.nextGaussian());
            }
        }));
    }

    private static PretrainedModel load(Path directory) {
        return PretrainedModel.load(directory, LoadOptions.frozen("cpu", "float32"));
    }

    private static ActivationChange activations(PretrainedModel base, PretrainedModel model, int batchSize) {
        return ActivationMeter.measure(base, model, TEXTS, batchSize, 1, Progress.silent());
    }

    private static RepresentationChange representations(
            PretrainedModel base, PretrainedModel model, Pooling pooling, int batchSize) {
        return new RepresentationMeter(3, pooling, batchSize).measure(base, model, TEXTS, Progress.silent());
    }

    /// The state behind each layer and the norm, one text at a time: `[layer][t][feature]`.
    private static float[][][] states(PretrainedModel model, int[] text) {
        long[] ids = new long[text.length];
        for (int t = 0; t < ids.length; t++) {
            ids[t] = text[t];
        }
        List<float[]> flat = new ArrayList<>();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray tokens = model.manager().create(ids, new Shape(1, ids.length));
            NDArray last = model.model()
                    .hidden(tokens, new AttentionContext.Causal(), (_, layer) -> flat.add(layer.toFloatArray()));
            flat.add(last.toFloatArray());
        }
        float[][][] states = new float[flat.size()][text.length][32];
        for (int layer = 0; layer < states.length; layer++) {
            for (int t = 0; t < text.length; t++) {
                System.arraycopy(flat.get(layer), 32 * t, states[layer][t], 0, 32);
            }
        }
        return states;
    }

    @Test
    void activations_agreeWithAScalarVersion() throws IOException {
        try (PretrainedModel base = base();
                PretrainedModel model = moved()) {
            ActivationChange found = activations(base, model, 5);
            double[] l1 = new double[3];
            double[] l2 = new double[3];
            for (int[] text : TEXTS) {
                float[][][] a = states(base, text);
                float[][][] b = states(model, text);
                for (int layer = 0; layer < 3; layer++) {
                    for (int t = 0; t < text.length; t++) {
                        double absolute = 0;
                        double squares = 0;
                        for (int i = 0; i < 32; i++) {
                            double d = b[layer][t][i] - a[layer][t][i];
                            absolute += Math.abs(d) / 32;
                            squares += d * d / 32;
                        }
                        l1[layer] += absolute / text.length / TEXTS.size();
                        l2[layer] += Math.sqrt(squares) / text.length / TEXTS.size();
                    }
                }
            }
            assertThat(found.layers().stream().map(ActivationChange.Layer::name))
                    .containsExactly("layers.0", "layers.1", "norm");
            for (int layer = 0; layer < 3; layer++) {
                assertThat(found.layers().get(layer).l1()).isPositive().isCloseTo(l1[layer], within(1e-5 * l1[layer]));
                assertThat(found.layers().get(layer).l2()).isCloseTo(l2[layer], within(1e-5 * l2[layer]));
            }
            assertThat(found.l1().mean()).isCloseTo((l1[0] + l1[1]) / 2, within(1e-5 * l1[0]));
            assertThat(found.l2().mean()).isCloseTo((l2[0] + l2[1]) / 2, within(1e-5 * l2[0]));
            assertThat(found.l1().mean())
                    .isBetween(found.l1().ci95().low(), found.l1().ci95().high());
            assertThat(activations(base, model, 1).l1().mean())
                    .isCloseTo(found.l1().mean(), within(1e-6));
        }
    }

    @Test
    void aModelAndItself_haveMovedNowhere() throws IOException {
        try (PretrainedModel base = base();
                PretrainedModel same = load(base.directory())) {
            ActivationChange change = activations(base, same, 4);
            assertThat(change.l1().mean()).isZero();
            assertThat(change.l2().ci95().high()).isZero();
            for (RepresentationChange.Layer layer :
                    representations(base, same, Pooling.MEAN, 4).layers()) {
                assertThat(layer.alignment().cka()).isCloseTo(1, within(1e-12));
                assertThat(layer.alignment().cknna()).isCloseTo(1, within(1e-12));
            }
        }
    }

    @Test
    void representations_areThoseOfTheirVectors() throws IOException {
        try (PretrainedModel base = base();
                PretrainedModel model = moved()) {
            for (Pooling pooling : Pooling.values()) {
                RepresentationChange found = representations(base, model, pooling, 5);
                for (int layer = 0; layer < 3; layer++) {
                    KernelAlignment expected =
                            KernelAlignment.of(kernel(base, layer, pooling), kernel(model, layer, pooling), 3);
                    KernelAlignment alignment = found.layers().get(layer).alignment();
                    assertThat(alignment.cka()).isLessThan(0.9999).isCloseTo(expected.cka(), within(1e-5));
                    assertThat(alignment.cknna()).isCloseTo(expected.cknna(), within(1e-4));
                }
                assertThat(found.last()).isEqualTo(found.layers().get(2).alignment());
            }
        }
    }

    private static double[][] kernel(PretrainedModel model, int layer, Pooling pooling) {
        double[][] vectors = new double[TEXTS.size()][32];
        for (int i = 0; i < vectors.length; i++) {
            float[][] states = states(model, TEXTS.get(i))[layer];
            for (int t = pooling == Pooling.LAST ? states.length - 1 : 0; t < states.length; t++) {
                for (int f = 0; f < 32; f++) {
                    vectors[i][f] += states[t][f] / (pooling == Pooling.LAST ? 1 : states.length);
                }
            }
        }
        double[][] kernel = new double[vectors.length][vectors.length];
        for (int i = 0; i < kernel.length; i++) {
            for (int j = 0; j < kernel.length; j++) {
                kernel[i][j] = Jacobi.dot(vectors[i], vectors[j]);
            }
        }
        return kernel;
    }

    @Test
    void modelsOfOtherDepth_andTooFewTexts_areRefused() throws IOException {
        var deep = new Qwen2Config(64, 32, 48, 3, 4, 2, 512, 1e-6, 10_000, false);
        try (PretrainedModel base = base();
                PretrainedModel deeper =
                        load(Changed.write(folder.resolve("deep"), deep, 1, Dtype.FLOAT32, (_, _) -> {}))) {
            assertThatThrownBy(() -> activations(base, deeper, 4))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("%s: has 3 layers, but %s has 2; give two models of one depth"
                            .formatted(deeper.directory(), base.directory()));
            assertThatThrownBy(() ->
                            new RepresentationMeter(14, Pooling.MEAN, 4).measure(base, base, TEXTS, Progress.silent()))
                    .isInstanceOf(DataException.class)
                    .hasMessage(
                            "representations: 14 neighbours of a text need at least 15 texts, got 14; give more texts, or take fewer neighbours");
        }
    }

    @Test
    void meters_leaveNoTensorsBehind() throws IOException {
        try (PretrainedModel base = base();
                PretrainedModel model = moved()) {
            activations(base, model, 4);
            representations(base, model, Pooling.LAST, 4);
            int before = base.manager().getManagedArrays().size();
            activations(base, model, 4);
            representations(base, model, Pooling.LAST, 4);
            assertThat(base.manager().getManagedArrays()).hasSize(before);
        }
    }
}
