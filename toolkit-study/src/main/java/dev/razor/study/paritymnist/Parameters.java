package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.Check;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.random.Draws;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The weights and biases of an [Mlp], or their gradients: one flat float32 tensor, and each matrix as a view of
/// it. So an update, a distance or a file is one operation on one tensor.
///
/// ```
/// flat = weight 1 [n1, n0], bias 1 [n1], weight 2 [n2, n1], ...           rows first
/// ```
///
/// @param sizes `n0, n1, ...`: how many numbers each layer takes and, last, how many logits come out
/// @param flat `[count]`
/// @param weights `[n(i+1), n(i)]` each
/// @param biases `[n(i+1)]` each
record Parameters(List<Integer> sizes, NDArray flat, List<NDArray> weights, List<NDArray> biases)
        implements AutoCloseable {

    /// Names the draws of the first weights among all other draws.
    private static final long INITIAL = 0x494e_4954L;

    /// All zero.
    static Parameters zeros(NDManager manager, List<Integer> sizes) {
        NDArray flat = Tensors.zeros(manager, Dtype.FLOAT32, count(sizes));
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        long at = 0;
        for (int i = 0; i + 1 < sizes.size(); i++) {
            int in = sizes.get(i);
            int out = sizes.get(i + 1);
            weights.add(Aten.narrow(flat, 0, at, (long) out * in).reshape(out, in));
            at += (long) out * in;
            biases.add(Aten.narrow(flat, 0, at, out));
            at += out;
        }
        return new Parameters(List.copyOf(sizes), flat, List.copyOf(weights), List.copyOf(biases));
    }

    /// As PyTorch initialises a linear layer: weights and biases uniform in `+-1 / sqrt(n(i))`, which is
    /// Kaiming's uniform distribution with `a = sqrt(5)`.
    static Parameters initial(NDManager manager, List<Integer> sizes, long seed) {
        Parameters parameters = zeros(manager, sizes);
        RandomGenerator random = Draws.generator(seed, INITIAL);
        MemorySegment memory = Tensors.memory(parameters.flat);
        long at = 0;
        for (int i = 0; i + 1 < sizes.size(); i++) {
            double bound = 1 / Math.sqrt(sizes.get(i));
            long end = at + (long) sizes.get(i + 1) * (sizes.get(i) + 1);
            for (; at < end; at++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) (bound * (2 * random.nextDouble() - 1)));
            }
        }
        return parameters;
    }

    /// The same values in memory of their own, belonging to `manager`.
    Parameters copy(NDManager manager) {
        Parameters copy = zeros(manager, sizes);
        copy.set(this);
        return copy;
    }

    /// Takes over the values of `other`.
    void set(Parameters other) {
        Check.that(
                sizes.equals(other.sizes), "a network of %s cannot take the weights of one of %s", sizes, other.sizes);
        Aten.copyInPlace(flat, other.flat);
    }

    /// Writes them as safetensors, under PyTorch's names for the layers of a sequence: `0.weight`, `0.bias`,
    /// `1.weight`, ...; replaces what was there.
    void save(Path file) throws IOException {
        Map<String, NDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < weights.size(); i++) {
            named.put(i + ".weight", weights.get(i));
            named.put(i + ".bias", biases.get(i));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        OutputDirectory.publish(file, path -> SafetensorsWriter.write(path, named, _ -> Dtype.FLOAT32));
    }

    /// Reads what [#save] wrote of a network of these sizes.
    static Parameters load(NDManager manager, List<Integer> sizes, Path file) {
        Parameters parameters = zeros(manager, sizes);
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            for (int i = 0; i < parameters.weights.size(); i++) {
                Aten.copyInPlace(parameters.weights.get(i), stored.view(manager, i + ".weight"));
                Aten.copyInPlace(parameters.biases.get(i), stored.view(manager, i + ".bias"));
            }
        }
        return parameters;
    }

    /// How many numbers there are.
    static int count(List<Integer> sizes) {
        int count = 0;
        for (int i = 0; i + 1 < sizes.size(); i++) {
            count += sizes.get(i + 1) * (sizes.get(i) + 1);
        }
        return count;
    }

    @Override
    public void close() {
        weights.forEach(NDArray::close);
        biases.forEach(NDArray::close);
        flat.close();
    }
}
