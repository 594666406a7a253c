package dev.razor.core.model.qwen2;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Qwen2 written a second time, in scalar loops and doubles, to check [Qwen2Decoder] against.
final class ReferenceQwen2 {

    private final Qwen2Config config;
    private final Map<String, NDArray> weights;

    ReferenceQwen2(Qwen2Config config, Map<String, NDArray> weights) {
        this.config = config;
        this.weights = weights;
    }

    /// The logits after each token, `[T][V]`.
    double[][] logits(int... tokens) {
        float[] table = values("model.embed_tokens.weight");
        int dim = config.hiddenSize();
        double[][] x = new double[tokens.length][dim];
        for (int t = 0; t < tokens.length; t++) {
            for (int d = 0; d < dim; d++) {
                x[t][d] = table[tokens[t] * dim + d];
            }
        }
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String at = "model.layers." + layer + ".";
            add(x, attention(norm(x, at + "input_layernorm"), at + "self_attn."));
            add(x, feedForward(norm(x, at + "post_attention_layernorm"), at + "mlp."));
        }
        float[] head = config.tieWordEmbeddings() ? table : values("lm_head.weight");
        return linear(norm(x, "model.norm"), head, null);
    }

    private double[][] attention(double[][] x, String at) {
        int size = config.headDim();
        int queriesPerKey = config.numAttentionHeads() / config.numKeyValueHeads();
        double[][] query = projection(x, at + "q_proj");
        double[][] key = projection(x, at + "k_proj");
        double[][] value = projection(x, at + "v_proj");
        rotate(query);
        rotate(key);
        double[][] mixed = new double[x.length][config.hiddenSize()];
        for (int head = 0; head < config.numAttentionHeads(); head++) {
            int group = head / queriesPerKey;
            for (int t = 0; t < x.length; t++) {
                double[] p = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double dot = 0;
                    for (int i = 0; i < size; i++) {
                        dot += query[t][head * size + i] * key[s][group * size + i];
                    }
                    p[s] = Math.exp(dot / Math.sqrt(size));
                    sum += p[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        mixed[t][head * size + i] += p[s] / sum * value[s][group * size + i];
                    }
                }
            }
        }
        return linear(mixed, values(at + "o_proj.weight"), null);
    }

    /// Channel `i` turns with channel `i + K/2` by the angle `t theta^(-2i/K)`.
    private void rotate(double[][] x) {
        int size = config.headDim();
        for (int t = 0; t < x.length; t++) {
            for (int start = 0; start < x[t].length; start += size) {
                for (int i = 0; i < size / 2; i++) {
                    double angle = t / Math.pow(config.ropeTheta(), 2.0 * i / size);
                    double a = x[t][start + i];
                    double b = x[t][start + i + size / 2];
                    x[t][start + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    x[t][start + i + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
    }

    private double[][] feedForward(double[][] x, String at) {
        double[][] gate = linear(x, values(at + "gate_proj.weight"), null);
        double[][] up = linear(x, values(at + "up_proj.weight"), null);
        for (int t = 0; t < x.length; t++) {
            for (int f = 0; f < gate[t].length; f++) {
                gate[t][f] = gate[t][f] / (1 + Math.exp(-gate[t][f])) * up[t][f];
            }
        }
        return linear(gate, values(at + "down_proj.weight"), null);
    }

    private double[][] norm(double[][] x, String at) {
        float[] weight = values(at + ".weight");
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double v : x[t]) {
                squares += v * v;
            }
            double scale = 1 / Math.sqrt(squares / x[t].length + config.rmsNormEps());
            y[t] = new double[x[t].length];
            for (int d = 0; d < x[t].length; d++) {
                y[t][d] = x[t][d] * scale * weight[d];
            }
        }
        return y;
    }

    private double[][] projection(double[][] x, String at) {
        return linear(x, values(at + ".weight"), values(at + ".bias"));
    }

    private static double[][] linear(double[][] x, float[] weight, float @Nullable [] bias) {
        int in = x[0].length;
        double[][] y = new double[x.length][weight.length / in];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < y[t].length; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int i = 0; i < in; i++) {
                    sum += x[t][i] * weight[o * in + i];
                }
                y[t][o] = sum;
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int d = 0; d < x[t].length; d++) {
                x[t][d] += y[t][d];
            }
        }
    }

    private float[] values(String name) {
        return Objects.requireNonNull(weights.get(name), name).toFloatArray();
    }
}
