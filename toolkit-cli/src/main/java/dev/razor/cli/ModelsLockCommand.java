package dev.razor.cli;

import dev.razor.core.base.DataException;
import dev.razor.core.fetch.FetchOptions;
import dev.razor.core.fetch.Hub;
import dev.razor.core.fetch.LinkedFiles;
import dev.razor.core.lock.CacheCheck;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockWriter;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "lock",
        description = {
            "Record sizes and digests in models.lock where they are null.",
            "",
            "They are taken from what was fetched; for an entry that was not, from the hub, which tells them of its"
                    + " large files without sending them. What is recorded already is never changed. Comments and order"
                    + " stay."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  razor models lock qwen2.5-14b-instruct%n")
final class ModelsLockCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int JOBS = 4;

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of models.lock.")
    private List<String> names = List.of();

    @Mixin
    private final LockOptions options = new LockOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ModelCache cache = options.cache();
        for (LockEntry named : LockOptions.entries(options.lock(), names)) {
            ModelsLock lock = options.lock(); // the last entry's values are in it now
            LockEntry entry = lock.entry(named.name());
            boolean fetched = cache.has(entry);
            SequencedMap<String, CacheCheck.Found> found = fetched ? fromCache(entry, cache) : fromHub(entry);
            int filled = LockWriter.fill(lock, entry, found);
            List<String> left = options.lock().entry(entry.name()).unpinned();
            out.println("%s: %d of %d files recorded from %s%s"
                    .formatted(
                            entry.name(),
                            filled,
                            entry.files().size(),
                            fetched ? cache.place(entry) : "the hub",
                            left.isEmpty()
                                    ? ""
                                    : "; no sha256 yet for %s: fetch it, then lock it"
                                            .formatted(String.join(", ", left))));
            out.flush();
        }
        return ExitCode.OK;
    }

    private SequencedMap<String, CacheCheck.Found> fromCache(LockEntry entry, ModelCache cache)
            throws InterruptedException {
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            CacheCheck check = CacheCheck.of(entry, cache, JOBS, progress);
            if (!check.problems().isEmpty()) {
                throw new DataException(check.problems());
            }
            return check.found();
        }
    }

    private static SequencedMap<String, CacheCheck.Found> fromHub(LockEntry entry) throws InterruptedException {
        return LinkedFiles.of(entry, Hub.of(System::getenv), FetchOptions.of(1, false, PATIENCE));
    }
}
