package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import java.util.Map;

/// Tensors that are in memory already, by full name: a second model over them shares their memory.
///
/// @param prefix the name of this point with a dot behind it, or nothing at the root
public record LoadedWeights(String prefix, Map<String, NDArray> tensors) implements Weights {

    @Override
    public Weights at(String child) {
        return new LoadedWeights(prefix + child + ".", tensors);
    }

    @Override
    public NDArray tensor(String name, long... shape) {
        NDArray tensor = tensors.get(prefix + name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor %s%s is in memory".formatted(prefix, name));
        }
        Check.that(
                tensor.getShape().equals(new Shape(shape)),
                "%s%s has shape %s, not %s",
                prefix,
                name,
                tensor.getShape(),
                new Shape(shape));
        return tensor;
    }
}
