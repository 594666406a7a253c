package dev.razor.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// The options that override keys of a configuration.
@SuppressWarnings("UnusedMethod") // picocli calls the methods that carry an option
final class Overrides {

    /// All of them, as they were typed: the last one for a key wins.
    private final List<String> settings = new ArrayList<>();

    /// How many of `--set`'s values are among them.
    private int set;

    private final String seed;
    private final String batchSize;

    /// For a training run.
    Overrides() {
        this("seed=%s", "per_device_train_batch_size=%s");
    }

    /// For another configuration.
    ///
    /// @param seed what --seed stands for, `%s` for its value
    /// @param batchSize what --batch-size stands for
    Overrides(String seed, String batchSize) {
        this.seed = seed;
        this.batchSize = batchSize;
    }

    /// picocli hands over all values so far at each `--set`, in a list of its own: a field that other options
    /// add to would lose what they added.
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as --set learning_rate=1e-5. Repeatable.")
    private void set(List<String> values) {
        settings.addAll(values.subList(Math.min(set, values.size()), values.size()));
        set = values.size();
    }

    @Option(names = "--device", description = "Shorthand for --set device=...: cpu, cuda, cuda:N or auto.")
    private void device(String value) {
        settings.add("device=" + value);
    }

    @Option(names = "--dtype", description = "Shorthand for --set dtype=...: float32, bfloat16 or auto.")
    private void dtype(String value) {
        settings.add("dtype=" + value);
    }

    @Option(names = "--seed", description = "Shorthand for --set seed=..., of a study seeds=[...].")
    private void seed(String value) {
        settings.add(seed.formatted(value));
    }

    @Option(
            names = "--batch-size",
            description = "Shorthand for --set per_device_train_batch_size=..., of a study eval_batch_size=...")
    private void batchSize(String value) {
        settings.add(batchSize.formatted(value));
    }

    List<String> settings() {
        return settings;
    }
}
