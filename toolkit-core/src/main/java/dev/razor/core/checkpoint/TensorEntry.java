package dev.razor.core.checkpoint;

import dev.razor.core.tensor.Dtype;
import java.util.Arrays;

/// One tensor as a safetensors header lists it.
///
/// @param begin first byte, counted from the end of the header
/// @param end one past the last byte
record TensorEntry(String name, Dtype dtype, long[] shape, long begin, long end) {

    @Override
    public String toString() {
        return "%s %s%s".formatted(name, dtype, Arrays.toString(shape));
    }
}
