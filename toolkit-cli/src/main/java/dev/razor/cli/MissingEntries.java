package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.fetch.Fetch;
import dev.razor.core.fetch.FetchOptions;
import dev.razor.core.fetch.Hub;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Fetches what a study names and this machine does not have, so that one command goes from nothing to a report.
final class MissingEntries {

    private static final int JOBS = 4;
    private static final Duration STALL = Duration.ofSeconds(30);

    private MissingEntries() {}

    /// Fetches those of `names` that are not in the cache.
    ///
    /// @param told is given a line about each entry and each warning
    /// @throws ConfigException if a name is unknown
    static void fetch(List<String> names, TerminalProgress progress, Consumer<String> told) {
        if (names.isEmpty() || ModelsLock.installed().isEmpty()) {
            return;
        }
        ModelCache cache = ModelCache.at(null);
        List<LockEntry> missing = LockOptions.entries(
                        ModelsLock.read(ModelsLock.installed().get()), names)
                .stream()
                .filter(entry -> !cache.has(entry))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try {
            Fetch fetch = new Fetch(
                    cache,
                    Hub.of(System::getenv),
                    FetchOptions.of(JOBS, false, STALL),
                    progress,
                    line -> told.accept("warning: " + line));
            for (LockEntry entry : missing) {
                told.accept("fetched " + fetch.fetch(entry).directory());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("interrupted while fetching %s; run it again".formatted(names), e);
        }
    }
}
