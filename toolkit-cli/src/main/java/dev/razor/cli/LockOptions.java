package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which lock file and which cache a command works on.
final class LockOptions {

    @Option(
            names = "--lock",
            paramLabel = "FILE",
            description = "The lock file (default: RAZOR_LOCK, else models.lock in Razor's folder).")
    private @Nullable Path lock;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where fetched entries lie (default: RAZOR_CACHE, else ~/.cache/razor).")
    private @Nullable Path cache;

    ModelsLock lock() {
        if (lock != null) {
            return ModelsLock.read(lock);
        }
        return ModelsLock.read(ModelsLock.installed()
                .orElseThrow(() -> new ConfigException(
                        "models.lock: is found by the razor launcher only; name a lock file with --lock")));
    }

    ModelCache cache() {
        return ModelCache.at(cache);
    }

    /// The entries of these names, each once; every unknown name is told.
    static List<LockEntry> entries(ModelsLock lock, List<String> names) {
        List<LockEntry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            try {
                entries.add(lock.entry(name));
            } catch (UserException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return entries;
    }
}
