package dev.razor.cli;

import dev.razor.core.run.Progress;
import dev.razor.sft.SftConfig;
import dev.razor.sft.SftRun;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
        name = "sft",
        description = "Fine-tune a model on fixed answers.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor sft examples/sft.yaml --set learning_rate=1e-4%n")
final class SftCommand extends TrainingCommand<SftConfig> {

    SftCommand() {
        super(SftConfig.class);
    }

    @Override
    Path output(SftConfig config) {
        return config.output();
    }

    @Override
    void start(SftConfig config, boolean goOn, Progress progress) {
        SftRun.start(config, goOn, progress);
    }
}
