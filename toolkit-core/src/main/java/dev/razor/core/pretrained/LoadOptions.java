package dev.razor.core.pretrained;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.lora.LoraSettings;
import dev.razor.core.tensor.Dtype;
import org.jspecify.annotations.Nullable;

/// How a model is brought into memory.
///
/// @param device `cpu`, `cuda`, `cuda:N`, or `auto` for CUDA where there is one
/// @param dtype `float32`, `bfloat16`, `float64` (of a model that is only read), or `auto` for the stored type
/// (float32 for a model stored in float16)
/// @param trainable whether gradients are wanted; a model that is only read stays mapped to its files where it
///     can
/// @param lora the new adapter that is trained in place of the weights; null trains the weights. A directory that
///     is an adapter's brings its own, which is then trained on whatever is asked for here
public record LoadOptions(
        String device,
        String dtype,
        boolean trainable,
        @Nullable LoraSettings lora) {

    public LoadOptions {
        Check.that(trainable || lora == null, "a model that is only read gets no new adapter");
    }

    /// Without a new adapter.
    public LoadOptions(String device, String dtype, boolean trainable) {
        this(device, dtype, trainable, null);
    }

    /// A model that is only read.
    public static LoadOptions frozen(String device, String dtype) {
        return new LoadOptions(device, dtype, false);
    }

    /// The type to compute in, for a model stored in `stored`.
    public Dtype computeType(Dtype stored) {
        return switch (dtype) {
            case "float32" -> Dtype.FLOAT32;
            case "bfloat16" -> Dtype.BFLOAT16;
            case "float64" -> readOnly();
            case "auto" -> stored == Dtype.BFLOAT16 ? Dtype.BFLOAT16 : Dtype.FLOAT32;
            default ->
                throw new ConfigException(
                        "dtype: expected float32, bfloat16, float64 or auto, got %s".formatted(dtype));
        };
    }

    private Dtype readOnly() {
        if (trainable) {
            throw new ConfigException(
                    "dtype: float64 is for models that are only read, got a model that is trained; take float32");
        }
        return Dtype.FLOAT64;
    }

    boolean keepsStoredType() {
        return dtype.equals("auto");
    }
}
