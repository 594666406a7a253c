package dev.razor.cli;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingOutput;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the commands of training runs share: a configuration with overrides, `--dry-run`, `--resume`.
///
/// @param <C> the run's configuration
abstract class TrainingCommand<C extends Record> implements Callable<Integer> {

    private final Class<C> type;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Mixin
    private final ResumeOption resume = new ResumeOption();

    @Option(names = "--dry-run", description = "Print the resolved configuration and stop.")
    private boolean dryRun;

    TrainingCommand(Class<C> type) {
        this.type = type;
    }

    /// The directory that the run is written to.
    abstract Path output(C config);

    /// Trains and publishes.
    abstract void start(C config, boolean goOn, Progress progress);

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        C config = options.load(type);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return ExitCode.OK;
        }
        config = options.loadForRun(type);
        Path model = TrainingOutput.finalModel(output(config));
        boolean finished = resume.wanted() && Files.exists(model);
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            start(config, resume.wanted(), progress);
        }
        out.println(finished ? "%s is there already; nothing was left to do".formatted(model) : "wrote " + model);
        return ExitCode.OK;
    }
}
