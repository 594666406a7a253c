package dev.razor.cli;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.train.TrainingOutput;
import dev.razor.grpo.GrpoConfig;
import dev.razor.grpo.GrpoRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "grpo",
        description = "Train a model on its own samples, rewarded by a verifier.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor grpo examples/grpo.yaml --set learning_rate=1e-4%n")
final class GrpoCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Mixin
    private final ResumeOption resume = new ResumeOption();

    @Option(names = "--dry-run", description = "Print the resolved configuration and stop.")
    private boolean dryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        GrpoConfig config = options.load(GrpoConfig.class);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return ExitCode.OK;
        }
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            GrpoRun.start(config, resume.wanted(), progress);
        }
        out.println("wrote " + TrainingOutput.finalModel(config.output()));
        return ExitCode.OK;
    }
}
