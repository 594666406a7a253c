package dev.razor.core.lora;

import dev.razor.core.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The linear layers of a base model: the matrices `NAME.weight` of its checkpoint but for the token table. A
/// head that is the token table is no layer of its own.
///
/// @param base the base model's directory, for messages
/// @param sizes of each layer by its name, in the order of the checkpoint
/// @param tied whether the head is the token table
public record LinearLayers(Path base, SequencedMap<String, Size> sizes, boolean tied) {

    /// The output projection.
    public static final String HEAD = "lm_head";

    private static final String WEIGHT = ".weight";

    /// What a layer maps: `[..., in] -> [..., out]`.
    public record Size(long in, long out) {}

    public LinearLayers {
        sizes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sizes));
    }

    public static LinearLayers of(Checkpoint checkpoint, boolean tied) {
        SequencedMap<String, Size> sizes = new LinkedHashMap<>();
        for (String tensor : checkpoint.names()) {
            long[] shape = checkpoint.fileOf(tensor).shape(tensor);
            if (tensor.endsWith(WEIGHT) && shape.length == 2) {
                String name = tensor.substring(0, tensor.length() - WEIGHT.length());
                if (!kind(name).equals("embed_tokens") && !(tied && name.equals(HEAD))) {
                    sizes.put(name, new Size(shape[1], shape[0]));
                }
            }
        }
        return new LinearLayers(checkpoint.directory(), sizes, tied);
    }

    /// The name of the checkpoint's tensor that a layer multiplies by.
    public static String weight(String layer) {
        return layer + WEIGHT;
    }

    /// The last part of each name, each once: `q_proj`, `k_proj`, ...
    List<String> kinds() {
        return sizes.keySet().stream().map(LinearLayers::kind).distinct().toList();
    }

    private static String kind(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
