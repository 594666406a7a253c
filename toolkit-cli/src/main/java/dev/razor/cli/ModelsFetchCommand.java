package dev.razor.cli;

import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.fetch.Fetch;
import dev.razor.core.fetch.FetchOptions;
import dev.razor.core.fetch.Hub;
import dev.razor.core.lock.LockEntry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "fetch",
        description = {
            "Fetch models and data sets into the cache.",
            "",
            "An entry appears whole, with the sizes and digests of models.lock, or not at all. What an interrupted fetch"
                    + " has brought is kept: run the command again to go on. HF_ENDPOINT names another hub, HF_TOKEN a"
                    + " token for it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  razor models fetch qwen2.5-3b-instruct hellaswag mmlu%n")
final class ModelsFetchCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of models.lock.")
    private List<String> names = List.of();

    @Option(names = "--locked", description = "Refuse an entry that has a file without a recorded sha256.")
    private boolean locked;

    @Option(
            names = "--jobs",
            defaultValue = "4",
            paramLabel = "N",
            description = "Files fetched at the same time (default: ${DEFAULT-VALUE}).")
    private int jobs = 4;

    @Option(
            names = "--stall-timeout",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description = "Try again when no byte has come for so long (default: ${DEFAULT-VALUE}).")
    private int stall = 30;

    @Mixin
    private final LockOptions options = new LockOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        FetchOptions how = FetchOptions.of(
                Limits.positive("--jobs", jobs), locked, Duration.ofSeconds(Limits.positive("--stall-timeout", stall)));
        List<LockEntry> entries = LockOptions.entries(options.lock(), names);
        Hub hub = Hub.of(System::getenv);
        List<String> problems = new ArrayList<>();
        entries.forEach(entry -> refuse(entry, problems));
        if (problems.isEmpty()) {
            try (TerminalProgress progress = new TerminalProgress(err)) {
                Fetch fetch = new Fetch(options.cache(), hub, how, progress, line -> {
                    progress.endLine();
                    err.println("warning: " + line);
                    err.flush();
                });
                for (LockEntry entry : entries) {
                    try {
                        Fetch.Outcome outcome = fetch.fetch(entry);
                        out.println(
                                "%s %s".formatted(outcome.wasThere() ? "is there:" : "fetched", outcome.directory()));
                        out.flush();
                    } catch (UserException e) {
                        problems.addAll(e.problems());
                    }
                    progress.endLine();
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return ExitCode.OK;
    }

    /// With `--locked` nothing is fetched of any entry before all are known to be pinned.
    private void refuse(LockEntry entry, List<String> problems) {
        if (locked && !entry.unpinned().isEmpty()) {
            problems.add(Fetch.notPinned(entry));
        }
    }
}
