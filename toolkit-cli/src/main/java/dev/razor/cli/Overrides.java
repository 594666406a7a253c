package dev.razor.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// The options that override keys of a configuration.
@SuppressWarnings("UnusedMethod") // picocli calls the methods that carry an option
final class Overrides {

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as --set learning_rate=1e-5. Repeatable.")
    private final List<String> settings = new ArrayList<>();

    @Option(names = "--device", description = "Shorthand for --set device=...: cpu, cuda, cuda:N or auto.")
    private void device(String value) {
        settings.add("device=" + value);
    }

    @Option(names = "--dtype", description = "Shorthand for --set dtype=...: float32, bfloat16 or auto.")
    private void dtype(String value) {
        settings.add("dtype=" + value);
    }

    @Option(names = "--seed", description = "Shorthand for --set seed=...")
    private void seed(String value) {
        settings.add("seed=" + value);
    }

    @Option(names = "--batch-size", description = "Shorthand for --set per_device_train_batch_size=...")
    private void batchSize(String value) {
        settings.add("per_device_train_batch_size=" + value);
    }

    List<String> settings() {
        return settings;
    }
}
