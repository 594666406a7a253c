package dev.razor.cli;

import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = {
            "List the entries of models.lock.",
            "",
            "Columns: name; model or data set; size (? where a file's is not recorded); whether all files are there"
                    + " (their bytes are checked by razor models verify); how many files have a recorded sha256;"
                    + " licence."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  razor models list%n")
final class ModelsListCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Mixin
    private final LockOptions options = new LockOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ModelsLock lock = options.lock();
        ModelCache cache = options.cache();
        int width = lock.entries().stream()
                .mapToInt(entry -> entry.name().length())
                .max()
                .orElse(0);
        for (LockEntry entry : lock.entries()) {
            int files = entry.files().size();
            out.println("%s  %-8s  %9s  %-11s  %-12s  %s"
                    .formatted(
                            entry.name() + " ".repeat(width - entry.name().length()),
                            entry.kind().text(),
                            size(entry.bytes()),
                            cache.has(entry) ? "fetched" : "not fetched",
                            "%d/%d pinned".formatted(files - entry.unpinned().size(), files),
                            printable(entry.licence())));
        }
        out.println("fetched entries lie in " + cache.directory());
        return ExitCode.OK;
    }

    /// On one line, without what a terminal would obey.
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    }

    /// In units of 1,000: `6.2 GB`.
    static String size(OptionalLong bytes) {
        if (bytes.isEmpty()) {
            return "?";
        }
        double value = bytes.getAsLong();
        for (String unit : new String[] {"B", "kB", "MB"}) {
            if (value < 1000) {
                return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
            }
            value /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f GB", value);
    }
}
