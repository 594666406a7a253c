package dev.razor.cli;

import dev.razor.study.report.Report;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Fit, draw and write the report of a study again, from its points.csv and study.json.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  razor report runs/quickstart%n")
final class ReportCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Parameters(paramLabel = "RUN_DIR", description = "The directory that razor run wrote.")
    private Path directory;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println("wrote " + Report.rebuild(directory));
        return ExitCode.OK;
    }
}
