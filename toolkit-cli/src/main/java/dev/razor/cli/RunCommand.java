package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Provenance;
import dev.razor.study.run.PlannedRun;
import dev.razor.study.run.StudyConfig;
import dev.razor.study.run.StudyRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Run a whole study: base, sweep, scores, divergences, fits, figures, report.",
            "Started again, it does only what is missing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor run examples/quickstart/study.yaml%n")
@SuppressWarnings("UnusedMethod") // picocli calls the methods that carry an option
final class RunCommand implements Callable<Integer> {

    /// The study that is run where none is named.
    private static final Path QUICKSTART = Path.of("examples", "quickstart", "study.yaml");

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "STUDY.yaml",
            arity = "0..1",
            description = "The study file (default: the quick start's, examples/quickstart/study.yaml of Razor).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as --set output=DIR. Repeatable.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--device", description = "Shorthand for --set device=...: cpu, cuda, cuda:N or auto.")
    private void device(String value) {
        overrides.add("device=" + value);
    }

    @Option(names = "--dtype", description = "Shorthand for --set dtype=...: float32, bfloat16 or auto.")
    private void dtype(String value) {
        overrides.add("dtype=" + value);
    }

    @Option(names = "--seed", description = "Shorthand for --set seeds=[...].")
    private void seed(String value) {
        overrides.add("seeds=[" + value + "]");
    }

    @Option(names = "--batch-size", description = "Shorthand for --set eval_batch_size=...")
    private void batchSize(String value) {
        overrides.add("eval_batch_size=" + value);
    }

    @Option(names = "--dry-run", description = "Print the planned runs and stop.")
    private boolean dryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path studyFile = file == null ? quickstart() : file;
        StudyConfig study = ConfigLoader.load(studyFile, fromWorkingDirectory(overrides), StudyConfig.class);
        StudyRun run = new StudyRun(study, studyFile);
        err.printf("%d runs:%n", run.runs().size());
        for (PlannedRun planned : run.runs()) {
            err.println("  " + planned.name());
        }
        err.flush();
        if (dryRun) {
            return ExitCode.OK;
        }
        List<String> typed = spec.commandLine().getParent().getParseResult().originalArgs();
        Provenance provenance = Provenance.capture(Engine.version(), typed, Instant.now());
        StudyRun.Outcome outcome;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            outcome = run.run(provenance, "razor " + String.join(" ", typed), progress);
        }
        for (StudyRun.Failure failure : outcome.failures()) {
            err.printf("error: run %s: %s%n", failure.run(), failure.reason());
        }
        out.println("wrote " + outcome.report());
        return outcome.failures().isEmpty() ? ExitCode.OK : ExitCode.USER_ERROR;
    }

    private static Path quickstart() {
        Path home = Path.of(System.getProperty("razor.home", "."));
        Path study = home.resolve(QUICKSTART);
        if (!Files.exists(study)) {
            throw new ConfigException("STUDY.yaml: none was named, and %s does not exist".formatted(study));
        }
        return study;
    }

    /// In the file, base and data are meant from the file's folder; what is typed is meant from where it is
    /// typed.
    private static List<String> fromWorkingDirectory(List<String> overrides) {
        return overrides.stream()
                .map(override -> override.startsWith("base=") || override.startsWith("data=")
                        ? override.substring(0, 5)
                                + Path.of(override.substring(5))
                                        .toAbsolutePath()
                                        .normalize()
                        : override)
                .toList();
    }
}
