package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Freshly initialised, trainable float32 weights: norms one, biases zero, everything else drawn from
/// `N(0, std)`, as Hugging Face initialises a Qwen2 model. The draw depends on the seed and the order of the
/// requests alone, not on the machine.
public final class RandomWeights implements Weights {

    private final NDManager manager;
    private final double std;
    private final String prefix;
    private final RandomGenerator random;
    private final Map<String, NDArray> created;

    public RandomWeights(NDManager manager, double std, long seed) {
        this(manager, std, "", RandomGeneratorFactory.of("L64X128MixRandom").create(seed), new LinkedHashMap<>());
    }

    private RandomWeights(
            NDManager manager, double std, String prefix, RandomGenerator random, Map<String, NDArray> created) {
        this.manager = manager;
        this.std = std;
        this.prefix = prefix;
        this.random = random;
        this.created = created;
    }

    @Override
    public Weights at(String child) {
        return new RandomWeights(manager, std, prefix + child + ".", random, created);
    }

    @Override
    public NDArray tensor(String name, long... shape) {
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.length > 1 ? (float) (std * random.nextGaussian()) : name.equals("bias") ? 0 : 1;
        }
        NDArray value = manager.create(values, new Shape(shape));
        value.setRequiresGradient(true);
        created.put(prefix + name, value);
        return value;
    }

    /// Every tensor handed out so far, by full name, in the order of the requests.
    public Map<String, NDArray> created() {
        return Collections.unmodifiableMap(created);
    }
}
