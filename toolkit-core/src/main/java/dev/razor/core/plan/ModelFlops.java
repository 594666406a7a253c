package dev.razor.core.plan;

import dev.razor.core.model.qwen2.Qwen2Config;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Floating-point operations that training on a token takes, and the share of a device's peak that a speed means:
///
/// ```
/// flops a token = 6 N + 12 L D T
/// utilisation   = tokens/s  flops a token / peak
/// ```
///
/// `N` counts the weights that multiply activations (an input table of its own does not), `L` layers, `D`
/// hidden size, `T` tokens a sequence. What is computed a second time to save memory is not counted, and
/// attention counts as if every token saw all others.
///
/// @see <a href="https://arxiv.org/abs/2204.02311">PaLM, Chowdhery et al. 2022, appendix B</a>
public final class ModelFlops {

    /// Dense bfloat16 operations a second by the makers' data sheets, without sparsity; the first pattern that
    /// is found in a device's name counts.
    private static final List<Map.Entry<Pattern, Double>> PEAKS = List.of(
            peak("h100 pcie", 756e12),
            peak("h100 nvl", 835e12),
            peak("h100", 989e12),
            peak("h200", 989e12),
            peak("a100", 312e12),
            peak("l4", 121e12),
            peak("rtx 4090", 165e12));

    private ModelFlops() {}

    /// Operations of forward and backward pass on one token of a sequence of `length`.
    public static double perToken(Qwen2Config shape, int length) {
        long table = shape.tieWordEmbeddings() ? 0 : (long) shape.vocabSize() * shape.hiddenSize();
        double multiplying = shape.parameterCount() - table;
        return 6 * multiplying + 12.0 * shape.numHiddenLayers() * shape.hiddenSize() * length;
    }

    /// The peak in bfloat16 of the device called `name`, such as `NVIDIA H100 80GB HBM3`; empty where it is not
    /// known.
    public static OptionalDouble peak(String name) {
        return PEAKS.stream()
                .filter(peak -> peak.getKey().matcher(name).find())
                .mapToDouble(Map.Entry::getValue)
                .findFirst();
    }

    private static Map.Entry<Pattern, Double> peak(String name, double operations) {
        return Map.entry(Pattern.compile("\\b" + name + "\\b", Pattern.CASE_INSENSITIVE), operations);
    }
}
