package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Provenance;
import dev.razor.study.history.History;
import dev.razor.study.paritymnist.ParityStudy;
import dev.razor.study.run.StudyConfig;
import dev.razor.study.run.StudyRun;
import dev.razor.study.work.Experiment;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Study;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Run a whole study: base, sweep, scores, divergences, fits, figures, report.",
            "Started again, it does only what is missing; see docs/studies.md. What it names of models.lock",
            "is fetched, tasks and labels that it describes are made."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor run examples/quickstart/study.yaml%n")
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

    @Mixin
    private final Overrides overrides = new Overrides("seeds=[%s]", "eval_batch_size=%s");

    @Option(names = "--dry-run", description = "Print the plan and stop. Models and data need not be there yet.")
    private boolean dryRun;

    @Option(names = "--prepare", description = "Fetch, prepare and label what is not there yet, and stop.")
    private boolean prepareOnly;

    @Option(
            names = "--only",
            paramLabel = "GLOB",
            description = "Do only the runs whose names match, and what they need. Repeatable.")
    private final List<String> only = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Runs at the same time, each with its share of the cores (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (jobs < 1) {
            throw new ConfigException("--jobs: must be positive, got %d".formatted(jobs));
        }
        Study study = open(file == null ? quickstart() : file);
        Plan plan = study.plan();
        Predicate<String> wanted =
                RunNames.matching(only, plan.rows().stream().map(Plan.Row::name).toList());
        StudyTable.lines(plan, wanted).forEach(err::println);
        err.flush();
        if (dryRun) {
            return ExitCode.OK;
        }
        if (!plan.missing().isEmpty()) {
            throw new DataException(plan.missing());
        }
        provide(study, err);
        if (prepareOnly) {
            return ExitCode.OK;
        }
        List<String> typed = spec.commandLine().getParent().getParseResult().originalArgs();
        Provenance provenance = Provenance.capture(Engine.version(), typed, Instant.now());
        Study.Result result;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            var request = new Study.Request(jobs, wanted, provenance, "razor " + String.join(" ", typed));
            result = study.run(request, progress);
        }
        StudyTable.outcome(result.outcome()).forEach(err::println);
        if (Files.exists(result.report())) {
            History.write(result.report().resolveSibling(""));
            out.println("wrote " + result.report());
        }
        return result.outcome().failures().isEmpty() ? ExitCode.OK : ExitCode.USER_ERROR;
    }

    private static void provide(Study study, PrintWriter err) {
        try (TerminalProgress progress = new TerminalProgress(err)) {
            Consumer<String> told = line -> {
                progress.endLine();
                err.println(line);
                err.flush();
            };
            study.provide(names -> MissingEntries.fetch(names, progress, told), told, progress);
        }
    }

    /// The study that the file describes.
    private Study open(Path studyFile) {
        List<String> settings = fromWorkingDirectory(overrides.settings());
        return switch (Experiment.of(studyFile)) {
            case LANGUAGE_MODEL -> new StudyRun(ConfigLoader.load(studyFile, settings, StudyConfig.class), studyFile);
            case PARITYMNIST -> ParityStudy.of(studyFile, settings);
        };
    }

    private static boolean isPlace(String base) {
        Path typed = Path.of(base);
        return typed.getNameCount() != 1 || Files.exists(typed);
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
    /// typed, unless it is one word and nothing there is called so: then it may be a name of models.lock.
    private static List<String> fromWorkingDirectory(List<String> overrides) {
        return overrides.stream()
                .map(override ->
                        (override.startsWith("base=") && isPlace(override.substring(5))) || override.startsWith("data=")
                                ? override.substring(0, 5)
                                        + Path.of(override.substring(5))
                                                .toAbsolutePath()
                                                .normalize()
                                : override)
                .toList();
    }
}
