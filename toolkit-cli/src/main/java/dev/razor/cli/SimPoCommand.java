package dev.razor.cli;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.train.TrainingOutput;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.sft.simpo.SimPoRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "simpo",
        description = "Train a model to prefer chosen answers to rejected ones.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor simpo examples/simpo.yaml --set learning_rate=3e-6%n")
final class SimPoCommand implements Callable<Integer> {

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
        SimPoConfig config = options.load(SimPoConfig.class);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            out.flush(); // only whole lines written by println are flushed by themselves
            return ExitCode.OK;
        }
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            SimPoRun.start(config, resume.wanted(), progress);
        }
        out.println("wrote " + TrainingOutput.finalModel(config.output()));
        return ExitCode.OK;
    }
}
