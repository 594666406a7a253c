package dev.razor.study.run;

import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Something that a study file names: by its place, or by its name in `models.lock`.
///
/// @param entry of `models.lock`; null where it is named by its place
/// @param place where it lies, or will lie once it is fetched
record Named(@Nullable LockEntry entry, Path place) {

    /// What `given` stands for: what lies there as seen from `folder`; where nothing does, the entry of that
    /// name, or what is below it (`toolalpaca/train_data.json`).
    static Named of(Path given, Path folder) {
        Path beside = folder.resolve(given).normalize();
        if (given.getRoot() != null || Files.exists(beside)) {
            return new Named(null, beside);
        }
        Path name = given.getName(0);
        return ModelsLock.installed()
                .flatMap(file -> ModelsLock.read(file).find(name.toString()))
                .map(entry -> new Named(entry, ModelCache.at(null).place(entry).resolve(name.relativize(given))))
                .orElse(new Named(null, beside));
    }

    /// Whether it can be had by fetching, and is not there or not whole.
    boolean isToFetch() {
        return entry != null && entry.local() == null && !ModelCache.at(null).has(entry);
    }

    /// Why it will not be there after fetching; empty where it will.
    Optional<String> problem() {
        if (entry == null) {
            return Files.exists(place)
                    ? Optional.empty()
                    : Optional.of("%s: there is no such file, and no such name in models.lock".formatted(place));
        }
        String below = ModelCache.at(null).place(entry).relativize(place).toString();
        boolean has = below.isEmpty()
                || entry.files().stream()
                        .map(LockedFile::path)
                        .anyMatch(path -> path.equals(below) || path.startsWith(below + "/"));
        return has
                ? Optional.empty()
                : Optional.of("%s/%s: the entry has no such file; it has %s"
                        .formatted(
                                entry.name(),
                                below,
                                entry.files().stream().map(LockedFile::path).collect(Collectors.joining(", "))));
    }
}
