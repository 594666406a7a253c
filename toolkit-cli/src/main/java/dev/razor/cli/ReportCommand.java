package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.study.history.History;
import dev.razor.study.report.LiveReport;
import dev.razor.study.report.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = {
            "Fit, draw and write the report of a study again, from its points.csv and study.json.",
            "With --watch, serve it to this machine's browsers instead, in step with a study that is running; nothing "
                    + "is written."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  razor report runs/quickstart", "  razor report runs/quickstart --watch%n"})
final class ReportCommand implements Callable<Integer> {

    private static final int PORT = 8765;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Parameters(paramLabel = "RUN_DIR", description = "The directory that razor run writes.")
    private Path directory;

    @Option(names = "--watch", description = "Serve the report on localhost until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port to serve on, 0 for any that is free (default: " + PORT + ").")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to serve on (default: localhost; 0.0.0.0 inside a container).")
    private @Nullable String host;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!watch) {
            if (port != null || host != null) {
                throw new ParameterException(spec.commandLine(), "--port and --host go with --watch");
            }
            Path page = Report.rebuild(directory);
            History.write(directory);
            out.println("wrote " + page);
            return ExitCode.OK;
        }
        int chosen = port == null ? PORT : port;
        if (chosen < 0 || chosen > 65535) {
            throw new ConfigException("--port: must be 0 to 65535, got %d; choose another".formatted(chosen));
        }
        try (LiveReport report = LiveReport.serve(directory, host == null ? "localhost" : host, chosen)) {
            out.println("%s shows %s; Ctrl-C ends it".formatted(report.address(), directory));
            out.flush();
            new CountDownLatch(1).await();
        }
        return ExitCode.OK;
    }
}
