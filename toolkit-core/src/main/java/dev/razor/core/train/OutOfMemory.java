package dev.razor.core.train;

import ai.djl.engine.EngineException;
import dev.razor.core.base.ConfigException;
import dev.razor.core.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A failure of libtorch for want of memory, told as what it is to the user: a configuration that asks for too
/// much.
public final class OutOfMemory {

    /// The words of libtorch's allocators on CUDA, on Linux and on Windows.
    private static final Pattern WORDS =
            Pattern.compile("out of memory|can't allocate memory|not enough memory", Pattern.CASE_INSENSITIVE);

    private static final Pattern AMOUNT =
            Pattern.compile("tried to allocate (\\d+ bytes|[\\d.]+ [KMGT]iB)", Pattern.CASE_INSENSITIVE);

    private OutOfMemory() {}

    /// `e` as one line with the settings that would help and their present values, if it was memory that lacked;
    /// any other failure as it is.
    ///
    /// @param maxLength tokens that a sequence of the run may have
    public static RuntimeException explain(RuntimeException e, TrainingArguments arguments, int maxLength) {
        String message = String.valueOf(e.getMessage());
        boolean memory = switch (e) {
            case TensorException failure -> failure.outOfMemory();
            case EngineException _ -> WORDS.matcher(message).find();
            default -> false;
        };
        if (!memory) {
            return e;
        }
        Matcher amount = AMOUNT.matcher(message);
        String asked = amount.find() ? " (asked for %s more)".formatted(amount.group(1)) : "";
        return new ConfigException(
                "memory: device %s has none left for the training step%s; %s"
                        .formatted(arguments.device(), asked, String.join(", or ", remedies(arguments, maxLength))),
                e);
    }

    private static List<String> remedies(TrainingArguments arguments, int maxLength) {
        List<String> remedies = new ArrayList<>();
        if (!arguments.gradientCheckpointing()) {
            remedies.add("set gradient_checkpointing: true (now false)");
        }
        if (arguments.perDeviceTrainBatchSize() > 1) {
            remedies.add("lower per_device_train_batch_size (now %d) and raise gradient_accumulation_steps (now %d)"
                    .formatted(arguments.perDeviceTrainBatchSize(), arguments.gradientAccumulationSteps()));
        }
        remedies.add("lower max_length (now %d)".formatted(maxLength));
        if (!arguments.optimizerStateDtype().equals("bfloat16")) {
            remedies.add("set optimizer_state_dtype: bfloat16 (now %s)".formatted(arguments.optimizerStateDtype()));
        }
        if (!arguments.dtype().equals("bfloat16")) {
            remedies.add("set dtype: bfloat16 (now %s)".formatted(arguments.dtype()));
        }
        return remedies;
    }
}
