package dev.razor.cli;

import dev.razor.core.run.Progress;
import dev.razor.grpo.GrpoConfig;
import dev.razor.grpo.GrpoRun;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
        name = "grpo",
        description = "Train a model on its own samples, rewarded by a verifier.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor grpo examples/grpo.yaml --set learning_rate=1e-4%n")
final class GrpoCommand extends TrainingCommand<GrpoConfig> {

    GrpoCommand() {
        super(GrpoConfig.class);
    }

    @Override
    Path output(GrpoConfig config) {
        return config.output();
    }

    @Override
    void start(GrpoConfig config, boolean goOn, Progress progress) {
        GrpoRun.start(config, goOn, progress);
    }
}
