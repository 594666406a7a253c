package dev.razor.cli;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How a command that reads models loads and feeds them.
final class ModelOptions {

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "cpu, cuda, cuda:N, or auto for CUDA where there is one (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--dtype",
            defaultValue = "auto",
            description = "float32, bfloat16, float64, or auto for the stored type (default: ${DEFAULT-VALUE}).")
    private String dtype = "auto";

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "Names all random numbers (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--batch-size",
            defaultValue = "16",
            description = "Sequences computed together; changes speed, not results (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    PretrainedModel load(Path directory) {
        return load(directory, dtype);
    }

    /// Loads in another type than the one asked for.
    PretrainedModel load(Path directory, String dtype) {
        return PretrainedModel.load(directory, LoadOptions.frozen(device, dtype));
    }

    String device() {
        return device;
    }

    String dtype() {
        return dtype;
    }

    /// The type a model computes in, as users write it.
    static String dtypeOf(PretrainedModel model) {
        return model.dtype().name().toLowerCase(Locale.ROOT);
    }

    long seed() {
        return seed;
    }

    int batchSize() {
        return Limits.positive("--batch-size", batchSize);
    }
}
