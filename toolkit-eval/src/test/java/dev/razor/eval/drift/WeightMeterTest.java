package dev.razor.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.pretrained.AdapterMerge;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyAdapter;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMeterTest {

    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight"; // [32, 32]
    private static final String DOWN = "model.layers.1.mlp.down_proj.weight"; // [32, 48]
    private static final String UP = "model.layers.1.mlp.up_proj.weight"; // [48, 32]
    private static final String NORM = "model.norm.weight"; // [32]

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static WeightChange measure(Path base, Path model) {
        return new WeightMeter(true, 3, "cpu").measure(base, model, Progress.silent());
    }

    private static TensorChange of(WeightChange change, String name) {
        return change.tensors().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// By hand: 3 and -4 in one matrix, 12 in a norm. sum |d| = 19, |d|_2 = sqrt(9 + 16 + 144) = 13. The two
    /// entries of the matrix stand in different rows and columns, so its singular values are 4 and 3.
    @Test
    void measure_ofThreeChangedEntries_isWhatTheyAre() throws IOException {
        Path base = Changed.write(folder.resolve("a"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path model = Changed.write(folder.resolve("b"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (name, values) -> {
            if (name.equals(QUERY)) {
                values[5] += 3;
                values[32 + 7] -= 4;
            } else if (name.equals(NORM)) {
                values[0] += 12;
            }
        });
        WeightChange change = measure(base, model);
        long n = TinyModel.UNTIED.parameterCount();
        assertThat(change.entries()).isEqualTo(n);
        assertThat(change.l1Sum()).isCloseTo(19, within(1e-5));
        assertThat(change.l1()).isCloseTo(19.0 / n, within(1e-9));
        assertThat(change.l2()).isCloseTo(13, within(1e-5));
        assertThat(change.spectral()).isCloseTo(4, within(1e-5));
        assertThat(change.spectralMax()).isCloseTo(4, within(1e-5));
        assertThat(change.largest()).isCloseTo(12, within(1e-5));
        assertThat(change.unchanged()).isCloseTo((n - 3.0) / n, within(1e-12));
        TensorChange query = of(change, QUERY);
        assertThat(query.rank()).isEqualTo(2);
        assertThat(query.stableRank()).isCloseTo(25.0 / 16, within(1e-5));
        assertThat(of(change, NORM).spectral()).isNull();
        assertThat(of(change, DOWN).rank()).isZero();
        assertThat(of(change, DOWN).spectral()).isZero();
    }

    @Test
    void measure_ofAModelAndItself_isExactlyZero() throws IOException {
        Path base = Changed.write(folder.resolve("a"), TinyModel.TIED, 1, Dtype.BFLOAT16, (_, _) -> {});
        WeightChange change = measure(base, base);
        assertThat(change.l1Sum()).isZero();
        assertThat(change.l2()).isZero();
        assertThat(change.relative()).isZero();
        assertThat(change.spectral()).isZero();
        assertThat(change.unchanged()).isEqualTo(1);
        assertThat(change.unchangedBfloat16()).isEqualTo(1);
        assertThat(Objects.requireNonNull(of(change, UP).angles()).inputLargest())
                .isLessThan(1e-6);
        assertThat(change.tensors().stream().map(TensorChange::name)).doesNotContain("lm_head.weight");
        assertThat(change.entries()).isEqualTo(TinyModel.TIED.parameterCount());
    }

    /// Every number against plain loops and another algorithm for singular values. Of the [48, 32] and the [32,
    /// 48] matrix different axes are cut into chunks.
    @Test
    void measure_agreesWithAScalarVersion() throws IOException {
        Random random = new Random(3);
        Path base = Changed.write(folder.resolve("a"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path model = Changed.write(folder.resolve("b"), TinyModel.UNTIED, 1, Dtype.FLOAT32, 20_000, (_, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] += random.nextInt(3) == 0 ? 0 : (float) (0.02 * random.nextGaussian());
            }
        });
        WeightChange change = measure(base, model);
        Random same = new Random(3);
        double absolute = 0;
        double squares = 0;
        double baseSquares = 0;
        double spectral = 0;
        long unchanged = 0;
        long unchangedBfloat16 = 0;
        for (Map.Entry<String, float[]> weight :
                Changed.values(TinyModel.UNTIED, 1).entrySet()) {
            float[] before = weight.getValue();
            float[] d = new float[before.length];
            for (int i = 0; i < d.length; i++) {
                float after = before[i] + (same.nextInt(3) == 0 ? 0 : (float) (0.02 * same.nextGaussian()));
                d[i] = (float) ((double) after - before[i]);
                absolute += Math.abs((double) after - before[i]);
                squares += ((double) after - before[i]) * ((double) after - before[i]);
                baseSquares += (double) before[i] * before[i];
                unchanged += after == before[i] ? 1 : 0;
                unchangedBfloat16 += bfloat16(after) == bfloat16(before[i]) ? 1 : 0;
            }
            TensorChange found = of(change, weight.getKey());
            if (found.shape().size() == 2) {
                Jacobi exact =
                        Jacobi.of(Changed.rows(d, Math.toIntExact(found.shape().get(1))));
                assertThat(Objects.requireNonNull(found.spectral()))
                        .isCloseTo(exact.values()[0], within(1e-6 * exact.values()[0]));
                double least = Math.max(found.shape().get(0), found.shape().get(1)) * 0x1p-23 * exact.values()[0];
                assertThat(found.rank()).isEqualTo((int) Arrays.stream(exact.values())
                        .filter(value -> value > least)
                        .count());
                spectral += exact.values()[0];
            }
        }
        long n = TinyModel.UNTIED.parameterCount();
        assertThat(change.l1Sum()).isCloseTo(absolute, within(1e-9 * absolute));
        assertThat(change.l2()).isCloseTo(Math.sqrt(squares), within(1e-9));
        assertThat(change.relative()).isCloseTo(Math.sqrt(squares / baseSquares), within(1e-9));
        assertThat(change.spectral()).isCloseTo(spectral, within(1e-5));
        assertThat(change.unchanged()).isEqualTo((double) unchanged / n);
        assertThat(change.unchangedBfloat16()).isEqualTo((double) unchangedBfloat16 / n);
        assertThat(unchangedBfloat16).isGreaterThan(unchanged);
        checkAngles(of(change, UP), UP, new Random(3));
        checkAngles(of(change, DOWN), DOWN, new Random(3));
    }

    /// Angles of the three leading singular vectors by Jacobi's method.
    private static void checkAngles(TensorChange found, String name, Random same) {
        for (Map.Entry<String, float[]> weight :
                Changed.values(TinyModel.UNTIED, 1).entrySet()) {
            float[] before = weight.getValue();
            float[] after = before.clone();
            for (int i = 0; i < after.length; i++) {
                after[i] += same.nextInt(3) == 0 ? 0 : (float) (0.02 * same.nextGaussian());
            }
            if (weight.getKey().equals(name)) {
                int columns = Math.toIntExact(found.shape().get(1));
                double[][] base = Changed.rows(before, columns);
                double[][] model = Changed.rows(after, columns);
                PrincipalAngles angles = Objects.requireNonNull(found.angles());
                double[] output = angles(Jacobi.of(base), Jacobi.of(model));
                double[] input = angles(Jacobi.of(Jacobi.transposed(base)), Jacobi.of(Jacobi.transposed(model)));
                assertThat(angles.outputLargest())
                        .isGreaterThan(0.01)
                        .isCloseTo(Arrays.stream(output).max().orElseThrow(), within(1e-7));
                assertThat(angles.outputMean())
                        .isCloseTo(Arrays.stream(output).average().orElseThrow(), within(1e-7));
                assertThat(angles.inputLargest())
                        .isCloseTo(Arrays.stream(input).max().orElseThrow(), within(1e-7));
                assertThat(angles.inputMean())
                        .isCloseTo(Arrays.stream(input).average().orElseThrow(), within(1e-7));
            }
        }
    }

    private static double[] angles(Jacobi base, Jacobi model) {
        double[][] cosines = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                cosines[i][j] = Jacobi.dot(base.left()[i], model.left()[j]);
            }
        }
        return Arrays.stream(Jacobi.of(cosines).values())
                .map(cosine -> Math.acos(Math.min(1, cosine)))
                .toArray();
    }

    /// Round to nearest even in the upper half of the bits.
    private static int bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
    }

    /// By hand: a matrix diag(4, 3, 2, 1, 0 ..) against one whose first two axes are turned by 0.3 with the
    /// fifth and sixth: of three leading directions one stays and two are turned by 0.3.
    @Test
    void angles_ofTurnedAxes_areTheTurn() throws IOException {
        double[] sizes = {4, 3, 2, 1};
        Path base = Changed.write(folder.resolve("a"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (name, values) -> {
            if (name.equals(QUERY)) {
                Arrays.fill(values, 0);
                for (int i = 0; i < 4; i++) {
                    values[33 * i] = (float) sizes[i];
                }
            }
        });
        Path model = Changed.write(folder.resolve("b"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (name, values) -> {
            if (name.equals(QUERY)) {
                Arrays.fill(values, 0);
                for (int i = 0; i < 4; i++) { // rows turned: what the layer writes
                    values[33 * i] = (float) (sizes[i] * (i < 2 ? Math.cos(0.3) : 1));
                    if (i < 2) {
                        values[32 * (i + 4) + i] = (float) (sizes[i] * Math.sin(0.3));
                    }
                }
            }
        });
        PrincipalAngles angles =
                Objects.requireNonNull(of(measure(base, model), QUERY).angles());
        assertThat(angles.outputLargest()).isCloseTo(0.3, within(1e-6));
        assertThat(angles.outputMean()).isCloseTo(0.2, within(1e-6));
        assertThat(angles.inputLargest()).isLessThan(1e-6);
    }

    @Test
    void measure_readsTypesAndShardsAlike() throws IOException {
        Path base = Changed.write(folder.resolve("a"), TinyModel.UNTIED, 1, Dtype.BFLOAT16, (_, _) -> {});
        Path sharded = Changed.write(folder.resolve("b"), TinyModel.UNTIED, 1, Dtype.BFLOAT16, 9_000, (_, _) -> {});
        Path exact = Changed.write(folder.resolve("c"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path half = Changed.write(folder.resolve("d"), TinyModel.UNTIED, 1, Dtype.FLOAT16, (_, _) -> {});
        assertThat(Files.exists(sharded.resolve("model.safetensors.index.json")))
                .isTrue();
        assertThat(measure(base, sharded).l1Sum()).isZero();
        WeightChange rounding = measure(base, exact);
        assertThat(rounding.relative()).isBetween(1e-4, 0x1p-8);
        assertThat(rounding.unchanged()).isLessThan(0.1);
        assertThat(rounding.unchangedBfloat16()).isEqualTo(1);
        assertThat(measure(half, exact).relative()).isBetween(1e-5, 0x1p-11);
    }

    /// An adapter counts as what it adds to its base: the difference of the base to itself with the adapter
    /// merged.
    @Test
    void measure_ofAnAdapter_isThatOfTheMergedModel() throws IOException {
        Path base = Changed.write(folder.resolve("a"), TinyModel.TIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path adapter = TinyAdapter.write(folder.resolve("lora"), base, List.of("q_proj", "down_proj"), "{}");
        Path merged = folder.resolve("merged");
        AdapterMerge.write(adapter, base, merged);
        WeightChange ofAdapter = measure(base, adapter);
        WeightChange ofMerged = measure(base, merged);
        assertThat(ofAdapter.l2()).isPositive().isCloseTo(ofMerged.l2(), within(1e-5));
        assertThat(ofAdapter.spectral()).isCloseTo(ofMerged.spectral(), within(1e-5));
        List<Integer> ranks = new ArrayList<>();
        for (TensorChange one : ofAdapter.tensors()) {
            if (one.rank() != null && one.largest() > 0) {
                ranks.add(one.rank());
            }
        }
        assertThat(ranks).hasSize(4).containsOnly(ranks.getFirst());
        assertThat(ranks.getFirst()).isLessThan(32);
    }

    @Test
    void measure_ofOtherArchitectures_saysALineAWeight() throws IOException {
        Path base = Changed.write(folder.resolve("a"), TinyModel.UNTIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path tied = Changed.write(folder.resolve("b"), TinyModel.TIED, 1, Dtype.FLOAT32, (_, _) -> {});
        Path larger = Changed.write(folder.resolve("c"), TinyModel.config(70, true), 1, Dtype.FLOAT32, (_, _) -> {});
        assertThatThrownBy(() -> measure(base, tied))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("%s: has no tensor lm_head.weight, which %s has; give two models of one architecture"
                        .formatted(tied, base));
        assertThatThrownBy(() -> measure(tied, base))
                .hasMessage(
                        "%s: has a tensor lm_head.weight, which %s does not have; give two models of one architecture"
                                .formatted(base, tied));
        assertThatThrownBy(() -> measure(tied, larger))
                .hasMessage(
                        "%s: tensor model.embed_tokens.weight has shape [70, 32], but [64, 32] in %s; give two models of one architecture"
                                .formatted(larger, tied));
    }

    /// A whole matrix of more entries than a chunk has: it is cut along its longer axis, whichever that is.
    @Test
    void measure_ofALargeMatrix_isThatOfItsParts() throws IOException {
        var config = new Qwen2Config(150_000, 32, 48, 1, 4, 2, 64, 1e-6, 10_000, true);
        Path base = Changed.write(folder.resolve("a"), config, 1, Dtype.BFLOAT16, (_, _) -> {});
        Path model = Changed.write(folder.resolve("b"), config, 1, Dtype.BFLOAT16, (name, values) -> {
            if (name.equals("model.embed_tokens.weight")) {
                values[31] += 2;
                values[values.length - 32] += 3;
            }
        });
        TensorChange change = of(
                new WeightMeter(true, 0, "cpu").measure(base, model, Progress.silent()), "model.embed_tokens.weight");
        double[] d = new double[2];
        try (SafetensorsFile a = SafetensorsFile.open(base.resolve("model.safetensors"));
                SafetensorsFile b = SafetensorsFile.open(model.resolve("model.safetensors"));
                NDManager manager = Tensors.newManager("cpu")) {
            float[] x = a.copy(manager, change.name(), Dtype.FLOAT32).toFloatArray();
            float[] y = b.copy(manager, change.name(), Dtype.FLOAT32).toFloatArray();
            d[0] = y[31] - x[31];
            d[1] = y[y.length - 32] - x[x.length - 32];
        }
        assertThat(change.entries()).isEqualTo(4_800_000).isGreaterThan(1 << 22);
        assertThat(change.unchanged()).isEqualTo(4_800_000 - 2);
        assertThat(change.absoluteSum()).isCloseTo(Math.abs(d[0]) + Math.abs(d[1]), within(1e-12));
        assertThat(change.spectral()).isCloseTo(Math.max(Math.abs(d[0]), Math.abs(d[1])), within(1e-5));
        assertThat(change.rank()).isEqualTo(2);
    }
}
