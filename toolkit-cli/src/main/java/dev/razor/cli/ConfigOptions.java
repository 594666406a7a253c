package dev.razor.cli;

import dev.razor.core.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The arguments that every run shares: one YAML file, and overrides for it.
@SuppressWarnings("UnusedMethod") // picocli calls the methods that carry an option
final class ConfigOptions {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Parameters(paramLabel = "CONFIG.yaml", description = "The file that describes the run.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as --set learning_rate=1e-5. Repeatable.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--device", description = "Shorthand for --set device=...: cpu, cuda, cuda:N or auto.")
    private void device(String value) {
        overrides.add("device=" + value);
    }

    @Option(names = "--dtype", description = "Shorthand for --set dtype=...: float32, bfloat16 or auto.")
    private void dtype(String value) {
        overrides.add("dtype=" + value);
    }

    @Option(names = "--seed", description = "Shorthand for --set seed=...")
    private void seed(String value) {
        overrides.add("seed=" + value);
    }

    @Option(names = "--batch-size", description = "Shorthand for --set per_device_train_batch_size=...")
    private void batchSize(String value) {
        overrides.add("per_device_train_batch_size=" + value);
    }

    <T extends Record> T load(Class<T> type) {
        return ConfigLoader.load(file, overrides, type);
    }
}
