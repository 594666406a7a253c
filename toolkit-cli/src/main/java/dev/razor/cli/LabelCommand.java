package dev.razor.cli;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.ConfigWriter;
import dev.razor.sft.label.LabelConfig;
import dev.razor.sft.label.LabelReport;
import dev.razor.sft.label.LabelRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "label",
        description = "Have a teacher write training labels: per prompt one sample that a reward accepts.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor label label.yaml --set reward=science --resume%n")
final class LabelCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(paramLabel = "CONFIG.yaml", description = "The file that describes the run.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as --set temperature=0.7. Repeatable.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--resume", description = "Go on with OUTPUT.partial, if there is one.")
    private boolean resume;

    @Option(names = "--dry-run", description = "Print the resolved configuration and stop.")
    private boolean dryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        LabelConfig config = ConfigLoader.load(file, overrides, LabelConfig.class);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return ExitCode.OK;
        }
        config = RunConfigs.load(file, overrides, LabelConfig.class);
        LabelReport report;
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            report = LabelRun.start(config, resume, System.getenv(), progress);
        }
        if (report != null) {
            spec.commandLine().getErr().println(summary(report));
        }
        out.println("wrote " + config.output());
        return ExitCode.OK;
    }

    private static String summary(LabelReport report) {
        return "labels for %d of %d prompts, %d left out; %d samples: %s %% right, %d wrong, %d cut off, %d refused, %d failed, %d not judged"
                .formatted(
                        report.labelled(),
                        report.prompts(),
                        report.prompts() - report.labelled(),
                        report.counts().samples(),
                        String.format(Locale.ROOT, "%.1f", 100 * report.acceptedShare()),
                        report.counts().wrong(),
                        report.counts().truncated(),
                        report.counts().refusals(),
                        report.counts().failures(),
                        report.counts().rewardFailures());
    }
}
