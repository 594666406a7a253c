package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.train.TrainingOutput;
import dev.razor.sft.PretrainConfig;
import dev.razor.sft.PretrainRun;
import dev.razor.sft.TextFile;
import dev.razor.study.quickstart.QuickstartWorld;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "pretrain",
        description = "Train a model of a given shape from random weights on text.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor pretrain examples/quickstart/pretrain.yaml --set output=runs/my-base%n")
final class PretrainCommand implements Callable<Integer> {

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
        PretrainConfig config = options.load(PretrainConfig.class);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return ExitCode.OK;
        }
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            PretrainRun.start(config, texts(config), resume.wanted(), progress);
        }
        out.println("wrote " + TrainingOutput.finalModel(config.output()));
        return ExitCode.OK;
    }

    private static List<String> texts(PretrainConfig config) {
        if (config.data() != null) {
            return TextFile.read(config.data());
        }
        if (!"quickstart".equals(config.generated())) {
            throw new ConfigException(
                    "generated: there is no text called %s; there is quickstart".formatted(config.generated()));
        }
        var world = new QuickstartWorld(QuickstartWorld.Recipe.standard());
        return world.pretrainingTexts(config.training().seed(), config.documents());
    }
}
