package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.lock.CacheCheck;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description = {
            "Read what is in the cache and compare its bytes with models.lock.",
            "",
            "Prints a line for each entry that is right; exits 1 if any file is missing or has other bytes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  razor models verify qwen2.5-3b-instruct%n")
final class ModelsVerifyCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Names of models.lock (default: all that are there).")
    private List<String> names = List.of();

    @Option(
            names = "--jobs",
            defaultValue = "4",
            paramLabel = "N",
            description = "Files read at the same time (default: ${DEFAULT-VALUE}).")
    private int jobs = 4;

    @Mixin
    private final LockOptions options = new LockOptions();

    @Override
    public Integer call() throws InterruptedException {
        Limits.positive("--jobs", jobs);
        ModelCache cache = options.cache();
        List<LockEntry> entries = wanted(options.lock(), cache);
        List<String> problems = new ArrayList<>();
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            for (LockEntry entry : entries) {
                if (!Files.exists(cache.place(entry))) {
                    problems.add(
                            entry.local() == null
                                    ? "%s: is not fetched; run: razor models fetch %s"
                                            .formatted(entry.name(), entry.name())
                                    : "%s: %s is not there; %s"
                                            .formatted(entry.name(), entry.local(), entry.remedy(entry.local())));
                    continue;
                }
                CacheCheck check = CacheCheck.of(entry, cache, jobs, progress);
                progress.endLine();
                problems.addAll(check.problems());
                if (check.problems().isEmpty()) {
                    spec.commandLine().getOut().println(line(entry, check) + others(entry, cache));
                    spec.commandLine().getOut().flush();
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return ExitCode.OK;
    }

    private List<LockEntry> wanted(ModelsLock lock, ModelCache cache) {
        if (!names.isEmpty()) {
            return LockOptions.entries(lock, names);
        }
        List<LockEntry> there = lock.entries().stream()
                .filter(entry -> Files.exists(cache.place(entry)))
                .toList();
        if (there.isEmpty()) {
            throw new ConfigException(
                    "%s: holds no entry of models.lock; fetch one first".formatted(cache.directory()));
        }
        return there;
    }

    /// A program that reads all of a directory would take these too.
    private static String others(LockEntry entry, ModelCache cache) {
        List<String> others = entry.local() == null ? cache.others(entry) : List.of();
        return others.isEmpty() ? "" : "; beside them, not of models.lock: " + String.join(", ", others);
    }

    private static String line(LockEntry entry, CacheCheck check) {
        long bytes = check.found().values().stream()
                .mapToLong(CacheCheck.Found::bytes)
                .sum();
        String size = ModelsListCommand.size(OptionalLong.of(bytes));
        List<String> unpinned = entry.unpinned();
        return unpinned.isEmpty()
                ? "ok  %s, %d files, %s".formatted(entry.name(), check.found().size(), size)
                : "ok  %s, %d files, %s; not checked, for want of a recorded sha256: %s"
                        .formatted(entry.name(), check.found().size(), size, String.join(", ", unpinned));
    }
}
