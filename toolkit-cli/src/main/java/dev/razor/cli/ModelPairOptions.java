package dev.razor.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The two models of a command that measures how far one has moved from the other.
final class ModelPairOptions {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Parameters(
            index = "0",
            paramLabel = "BASE",
            converter = ModelDirectory.class,
            description = "The model that the other is measured from.")
    private Path base;

    @SuppressWarnings("NullAway.Init")
    @Parameters(index = "1", paramLabel = "MODEL", converter = ModelDirectory.class, description = "The other model.")
    private Path model;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    Path base() {
        return base;
    }

    Path model() {
        return model;
    }

    ModelOptions options() {
        return options;
    }

    ModelPair load() {
        return ModelPair.load(base, model, options);
    }
}
