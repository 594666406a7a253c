package dev.razor.core.plan;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.razor.core.pretrained.PretrainedModel;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How well a run uses its GPU: `mfu`, the share of the device's bfloat16 peak that the model's own operations
/// take ([ModelFlops]), where that peak is known, and `device_memory_bytes`, what the device has given out.
/// libtorch keeps what it was once given, so that the last number is the largest. Nothing on the CPU.
public final class Utilisation {

    private final PretrainedModel model;
    private final Device device;
    private final OptionalDouble peak;

    private Utilisation(PretrainedModel model, Device device, OptionalDouble peak) {
        this.model = model;
        this.device = device;
        this.peak = peak;
    }

    /// For a model where it lies.
    public static Utilisation of(PretrainedModel model) {
        Device device = model.manager().getDevice();
        OptionalDouble peak = device.isGpu() ? ModelFlops.peak(DeviceName.of(device)) : OptionalDouble.empty();
        return new Utilisation(model, device, peak);
    }

    /// Adds what is known to a step's metrics.
    ///
    /// @param length tokens of a sequence, about
    /// @return the share of the peak
    public OptionalDouble report(
            double tokensPerSecond, int length, SequencedMap<String, ? super @Nullable Object> metrics) {
        if (!device.isGpu()) {
            return OptionalDouble.empty();
        }
        metrics.put("device_memory_bytes", CudaUtils.getGpuMemory(device).getUsed());
        if (peak.isEmpty()) {
            return peak;
        }
        double share = tokensPerSecond * ModelFlops.perToken(model.shape(), length) / peak.getAsDouble();
        metrics.put("mfu", share);
        return OptionalDouble.of(share);
    }
}
