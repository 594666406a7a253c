package dev.razor.cli;

import dev.razor.core.run.Progress;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.sft.simpo.SimPoRun;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
        name = "simpo",
        description = "Train a model to prefer chosen answers to rejected ones.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor simpo examples/simpo.yaml --set learning_rate=3e-6%n")
final class SimPoCommand extends TrainingCommand<SimPoConfig> {

    SimPoCommand() {
        super(SimPoConfig.class);
    }

    @Override
    Path output(SimPoConfig config) {
        return config.output();
    }

    @Override
    void start(SimPoConfig config, boolean goOn, Progress progress) {
        SimPoRun.start(config, goOn, progress);
    }
}
