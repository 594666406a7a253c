package dev.razor.cli;

import dev.razor.core.config.ConfigLoader;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The arguments that every run shares: one YAML file, and overrides for it.
final class ConfigOptions {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Parameters(paramLabel = "CONFIG.yaml", description = "The file that describes the run.")
    private Path file;

    @Mixin
    private final Overrides overrides = new Overrides();

    <T extends Record> T load(Class<T> type) {
        return ConfigLoader.load(file, overrides.settings(), type);
    }

    /// The configuration of a run that is about to start: see [RunConfigs].
    <T extends Record> T loadForRun(Class<T> type) {
        return RunConfigs.load(file, overrides.settings(), type);
    }
}
