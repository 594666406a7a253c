package dev.razor.core.lock;

import dev.razor.core.base.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a model or data set lies that was named by its directory or by its name in `models.lock`.
public final class ModelPlace {

    private ModelPlace() {}

    /// The directory that `nameOrPath` stands for: itself where such a thing exists or where it has more than
    /// one part, else the place of the entry of that name.
    ///
    /// @throws CheckpointException if there is such an entry and it has not been fetched, or if there is neither
    public static Path directory(Path nameOrPath) {
        Optional<Path> lock = ModelsLock.installed();
        return lock.isEmpty() || !isName(nameOrPath)
                ? nameOrPath
                : directory(nameOrPath, ModelsLock.read(lock.get()), ModelCache.at(null));
    }

    static Path directory(Path nameOrPath, ModelsLock lock, ModelCache cache) {
        if (!isName(nameOrPath)) {
            return nameOrPath;
        }
        String name = nameOrPath.toString();
        LockEntry entry = lock.find(name)
                .orElseThrow(
                        () -> new CheckpointException("model: %s is neither a directory nor a name in models.lock; %s"
                                .formatted(name, lock.remedy(name))));
        if (!cache.has(entry)) {
            throw new CheckpointException(
                    entry.local() == null
                            ? "%s %s: is not fetched; run: razor models fetch %s"
                                    .formatted(entry.kind().text(), name, name)
                            : "%s %s: files are missing in %s; get Razor's files again"
                                    .formatted(entry.kind().text(), name, entry.local()));
        }
        return cache.place(entry);
    }

    /// Whether this can only be meant as a name: one part, and nothing there that is called so.
    private static boolean isName(Path nameOrPath) {
        String text = nameOrPath.toString();
        return nameOrPath.getNameCount() == 1
                && !nameOrPath.isAbsolute()
                && !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && !Files.exists(nameOrPath);
    }
}
