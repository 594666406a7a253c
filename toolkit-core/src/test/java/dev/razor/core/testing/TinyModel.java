package dev.razor.core.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.nn.Weights;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Small random Qwen2 models whose every weight shows: matrices are drawn wide (standard deviation 0.2), biases
/// are not zero and norms are not one, because ordinary initial values hide a bias in the wrong place.
public final class TinyModel {

    /// Two layers, grouped queries, its own output projection.
    public static final Qwen2Config UNTIED = config(64, false);

    /// The same with one table for input and output.
    public static final Qwen2Config TIED = config(64, true);

    private TinyModel() {}

    /// The same sizes with another vocabulary.
    public static Qwen2Config config(int vocabulary, boolean tied) {
        return new Qwen2Config(vocabulary, 32, 48, 2, 4, 2, 512, 1e-6, 10_000, tied);
    }

    /// Fresh values of every weight that `config` needs, by name, as float32.
    public static Map<String, NDArray> weights(NDManager manager, Qwen2Config config, long seed) {
        var recorder = new Recorder(manager, "", new Random(seed), new LinkedHashMap<>());
        Qwen2Decoder.load(manager, config, recorder);
        return recorder.created;
    }

    /// The decoder over given weights.
    public static Qwen2Decoder decoder(NDManager manager, Qwen2Config config, Map<String, NDArray> weights) {
        return Qwen2Decoder.load(manager, config, new Given("", weights));
    }

    /// Writes config.json and weights of a random model to `directory`, in `stored` and shards of
    /// `maxShardBytes`, with the golden model's tokenizer beside them.
    public static Path write(Path directory, Qwen2Config config, long seed, Dtype stored, long maxShardBytes) {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), json(config));
            for (String name : new String[] {"tokenizer.json", "tokenizer_config.json", "generation_config.json"}) {
                Files.copy(Golden.model().resolve(name), directory.resolve(name));
            }
            SafetensorsWriter.writeModel(directory, weights(manager, config, seed), _ -> stored, maxShardBytes);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The sizes as config.json states them.
    public static String json(Qwen2Config config) {
        return """
                {"architectures": ["Qwen2ForCausalLM"], "hidden_act": "silu", "vocab_size": %d, "hidden_size": %d,
                 "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "max_position_embeddings": %d, "rms_norm_eps": %s, "rope_theta": %s,
                 "tie_word_embeddings": %s, "model_type": "qwen2"}
                """.formatted(
                        config.vocabSize(),
                        config.hiddenSize(),
                        config.intermediateSize(),
                        config.numHiddenLayers(),
                        config.numAttentionHeads(),
                        config.numKeyValueHeads(),
                        config.maxPositionEmbeddings(),
                        config.rmsNormEps(),
                        config.ropeTheta(),
                        config.tieWordEmbeddings());
    }

    private record Recorder(NDManager manager, String prefix, Random random, Map<String, NDArray> created)
            implements Weights {

        @Override
        public Weights at(String child) {
            return new Recorder(manager, prefix + child + ".", random, created);
        }

        @Override
        public NDArray tensor(String name, long... shape) {
            float[] values = new float[Math.toIntExact(new Shape(shape).size())];
            boolean norm = shape.length == 1 && name.equals("weight");
            for (int i = 0; i < values.length; i++) {
                double noise = random.nextGaussian();
                values[i] = (float) (norm ? 1 + 0.3 * noise : shape.length == 1 ? 0.3 * noise : 0.2 * noise);
            }
            NDArray tensor = manager.create(values, new Shape(shape));
            created.put(prefix + name, tensor);
            return tensor;
        }
    }

    private record Given(String prefix, Map<String, NDArray> weights) implements Weights {

        @Override
        public Weights at(String child) {
            return new Given(prefix + child + ".", weights);
        }

        @Override
        public NDArray tensor(String name, long... shape) {
            NDArray tensor = weights.get(prefix + name);
            if (tensor == null || !tensor.getShape().equals(new Shape(shape))) {
                throw new IllegalStateException("no tensor %s%s %s".formatted(prefix, name, new Shape(shape)));
            }
            return tensor;
        }
    }
}
