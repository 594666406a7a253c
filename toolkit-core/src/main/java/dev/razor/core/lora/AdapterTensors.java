package dev.razor.core.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.checkpoint.Shown;
import dev.razor.core.nn.Lora;
import dev.razor.core.tensor.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file `adapter_model.safetensors`, whose tensors PEFT calls
/// `base_model.model.LAYER.lora_A.weight` and `base_model.model.LAYER.lora_B.weight`.
final class AdapterTensors {

    static final String FILE = "adapter_model.safetensors";

    private static final String PICKLE = "adapter_model.bin";
    private static final String PREFIX = "base_model.model.";
    private static final Pattern NAME = Pattern.compile("base_model\\.model\\.(.+)\\.lora_[AB]\\.weight");

    private AdapterTensors() {}

    static String nameOfA(String layer) {
        return PREFIX + layer + ".lora_A.weight";
    }

    static String nameOfB(String layer) {
        return PREFIX + layer + ".lora_B.weight";
    }

    static SequencedMap<String, Lora> read(
            NDManager manager, Dtype dtype, AdapterDirectory directory, LinearLayers base) {
        Path path = directory.path().resolve(FILE);
        if (!Files.exists(path)) {
            throw new CheckpointException(
                    Files.exists(directory.path().resolve(PICKLE))
                            ? "%s: Razor reads safetensors only; save the adapter as %s (save_pretrained with safe_serialization=True)"
                                    .formatted(directory.path().resolve(PICKLE), FILE)
                            : "%s: no such file; the adapter is incomplete, copy it again".formatted(path));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Set<String> stored = layers(path, file.names());
            requireLayers(path, stored, directory.config(), base);
            SequencedMap<String, Lora> layers = new LinkedHashMap<>();
            for (Map.Entry<String, LinearLayers.Size> layer : base.sizes().entrySet()) {
                String name = layer.getKey();
                if (stored.contains(name)) {
                    int rank = directory.config().rank(name);
                    Source source = new Source(path, file, base, rank);
                    NDArray a = source.tensor(
                            manager,
                            dtype,
                            nameOfA(name),
                            rank,
                            layer.getValue().in());
                    NDArray b = source.tensor(
                            manager, dtype, nameOfB(name), layer.getValue().out(), rank);
                    layers.put(name, new Lora(a, b, directory.config().scale(name)));
                }
            }
            return layers;
        }
    }

    /// The layers that have both tensors; every tensor must be one of them.
    private static Set<String> layers(Path path, Set<String> names) {
        Set<String> layers = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = NAME.matcher(name);
            if (!matcher.matches()) {
                throw new CheckpointException(
                        "%s: tensor %s is not one of a low-rank update of a linear layer, and Razor computes no others"
                                .formatted(path, Shown.of(name)));
            }
            String layer = matcher.group(1);
            for (String needed : List.of(nameOfA(layer), nameOfB(layer))) {
                if (!names.contains(needed)) {
                    throw new CheckpointException(
                            "%s: holds no tensor %s; the adapter is incomplete, copy it again".formatted(path, needed));
                }
            }
            layers.add(layer);
        }
        if (layers.isEmpty()) {
            throw new CheckpointException("%s: holds no tensors; copy the adapter again".formatted(path));
        }
        return layers;
    }

    private static void requireLayers(Path path, Set<String> stored, AdapterConfig config, LinearLayers base) {
        for (String layer : stored) {
            if (!base.sizes().containsKey(layer)) {
                throw new CheckpointException(
                        base.tied() && layer.equals(LinearLayers.HEAD)
                                ? "%s: adapts lm_head, which in %s is the token table (tie_word_embeddings); train the adapter without it"
                                        .formatted(path, base.base())
                                : "%s: adapts %s, which %s does not have; give the base that the adapter was trained on"
                                        .formatted(path, Shown.of(layer), base.base()));
            }
        }
        List<String> targets = config.targetModules();
        if (targets == null) {
            return;
        }
        SequencedSet<String> named = TargetModules.named(targets, base);
        for (String layer : named) {
            if (!stored.contains(layer)) {
                throw new CheckpointException(
                        "%s: holds no tensors for %s, which target_modules names; the adapter is incomplete or for another base"
                                .formatted(path, layer));
            }
        }
        for (String layer : stored) {
            if (!named.contains(layer)) {
                throw new CheckpointException(
                        "%s: holds tensors for %s, which target_modules (%s) does not name; correct %s"
                                .formatted(path, Shown.of(layer), String.join(", ", targets), AdapterConfig.NAME));
            }
        }
    }

    private record Source(Path path, SafetensorsFile file, LinearLayers base, int rank) {

        NDArray tensor(NDManager manager, Dtype dtype, String name, long... shape) {
            if (!Arrays.equals(file.shape(name), shape)) {
                throw new CheckpointException(
                        "%s: tensor %s has shape %s, but rank %d and %s ask for %s; give the base that the adapter was trained on"
                                .formatted(
                                        path,
                                        name,
                                        Arrays.toString(file.shape(name)),
                                        rank,
                                        base.base(),
                                        Arrays.toString(shape)));
            }
            if (!file.dtype(name).isFloating()) {
                throw new CheckpointException(
                        "%s: tensor %s has type %s, but weights are F32, BF16 or F16; copy it again"
                                .formatted(path, name, file.dtype(name)));
            }
            return file.copy(manager, name, dtype);
        }
    }
}
