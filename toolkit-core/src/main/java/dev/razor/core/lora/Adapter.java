package dev.razor.core.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.nn.Lora;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// An adapter in memory: the low-rank updates of some layers of a base model.
///
/// A new one starts as PEFT's does, `A` uniform in `+-1/sqrt(in)` (Kaiming's bound with a slope of sqrt(5)) and
/// `B` zero, so that the model computes what its base does.
///
/// @param layers the updates by the names of their layers, in the order of the base's checkpoint
public record Adapter(AdapterConfig config, SequencedMap<String, Lora> layers) {

    private static final ObjectWriter JSON = JsonMapper.shared().writerWithDefaultPrettyPrinter();

    public Adapter {
        layers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(layers));
    }

    /// A new adapter whose numbers depend on the seed and the layers' names alone.
    ///
    /// @throws dev.razor.core.base.ConfigException if a target is no layer of the base
    public static Adapter create(NDManager manager, Dtype dtype, LinearLayers base, LoraSettings settings) {
        var config = new AdapterConfig(
                base.base().toString(),
                settings.r(),
                settings.alpha(),
                false,
                TargetModules.expand(settings.targetModules(), base),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        SequencedMap<String, Lora> layers = new LinkedHashMap<>();
        for (String name : TargetModules.named(Objects.requireNonNull(config.targetModules()), base)) {
            LinearLayers.Size size = Objects.requireNonNull(base.sizes().get(name));
            NDArray a = uniform(manager, dtype, settings, name, size.in());
            NDArray b = Tensors.zeros(manager, dtype, size.out(), settings.r());
            layers.put(name, new Lora(a, b, config.scale(name)));
        }
        return new Adapter(config, layers);
    }

    private static NDArray uniform(NDManager manager, Dtype dtype, LoraSettings settings, String name, long in) {
        RandomGenerator random = Draws.generator(
                settings.seed(), Draws.mix(name.chars().asLongStream().toArray()));
        double bound = 1 / Math.sqrt((double) in);
        float[] values = new float[Math.toIntExact(settings.r() * in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        NDArray a = Tensors.empty(manager, dtype, settings.r(), in);
        try (NDScope _ = new NDScope()) {
            Aten.copyInPlace(a, manager.create(values, new Shape(settings.r(), in)));
        }
        return a;
    }

    /// Reads the tensors of `directory`, which must be of exactly the layers that its configuration names.
    ///
    /// @throws dev.razor.core.base.CheckpointException if tensors are missing, unknown, or do not fit the base
    public static Adapter load(NDManager manager, Dtype dtype, AdapterDirectory directory, LinearLayers base) {
        return new Adapter(directory.config(), AdapterTensors.read(manager, dtype, directory, base));
    }

    /// Its tensors under PEFT's names, `A` before `B`.
    public SequencedMap<String, NDArray> tensors() {
        SequencedMap<String, NDArray> tensors = new LinkedHashMap<>();
        layers.forEach((name, lora) -> {
            tensors.put(AdapterTensors.nameOfA(name), lora.a());
            tensors.put(AdapterTensors.nameOfB(name), lora.b());
        });
        return tensors;
    }

    /// Writes PEFT's two files and the digest of the base into `directory`, each tensor in the type it has.
    public void write(Path directory, Path base, String baseDigest) throws IOException {
        Path absolute = base.toAbsolutePath().normalize();
        Files.writeString(
                directory.resolve(AdapterConfig.NAME),
                JSON.writeValueAsString(config.toJson(absolute, layers.keySet())) + "\n");
        var pin = JsonMapper.shared().createObjectNode().put(AdapterDirectory.BASE_KEY, baseDigest);
        Files.writeString(directory.resolve(AdapterDirectory.PIN), JSON.writeValueAsString(pin) + "\n");
        SequencedMap<String, NDArray> tensors = tensors();
        SafetensorsWriter.write(
                directory.resolve(AdapterTensors.FILE),
                tensors,
                name -> Tensors.dtype(Objects.requireNonNull(tensors.get(name))));
    }
}
