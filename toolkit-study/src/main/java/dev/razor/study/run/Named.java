package dev.razor.study.run;

import dev.razor.core.lock.ModelPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Something that a study file names: by its place, or by its name in `models.lock`.
///
/// @param entry the name in `models.lock`; null where it is named by its place
/// @param place where it lies, or will lie once it is fetched
record Named(@Nullable String entry, Path place) {

    /// What `given` stands for: what lies there as seen from `folder`; where nothing does, the entry of that
    /// name, or what is below it (`toolalpaca/train_data.json`).
    static Named of(Path given, Path folder) {
        Path beside = folder.resolve(given).normalize();
        Path name = given.getName(0);
        if (given.isAbsolute() || Files.exists(beside)) {
            return new Named(null, beside);
        }
        Path entry = ModelPlace.place(name);
        return entry.equals(name)
                ? new Named(null, beside)
                : new Named(name.toString(), entry.resolve(name.relativize(given)));
    }

    /// Whether it can be had by fetching and is not there.
    boolean isToFetch() {
        return entry != null && !Files.exists(place);
    }
}
