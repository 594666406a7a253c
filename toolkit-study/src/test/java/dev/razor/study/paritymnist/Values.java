package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Tensors;
import java.lang.foreign.MemorySegment;

/// Writes numbers into the memory of a tensor, views of others included (DJL's `set` gives a tensor other
/// memory).
final class Values {

    private Values() {}

    static void write(NDArray target, float... values) {
        Tensors.memory(target).copyFrom(MemorySegment.ofArray(values));
    }
}
