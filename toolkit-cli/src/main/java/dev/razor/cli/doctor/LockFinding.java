package dev.razor.cli.doctor;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.ModelsLock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether `models.lock`, which every study's names are looked up in, can be read.
final class LockFinding {

    private LockFinding() {}

    /// What is wrong with this installation's; empty where nothing is, or where there is none.
    static Optional<Finding> look(Status lack) {
        String named = System.getenv(ModelsLock.VARIABLE);
        return of(ModelsLock::installed, named != null && !named.isEmpty(), lack);
    }

    /// @param named whether the user has named the file
    static Optional<Finding> of(Supplier<Optional<Path>> lock, boolean named, Status lack) {
        try {
            lock.get().ifPresent(ModelsLock::read);
            return Optional.empty();
        } catch (ConfigException e) {
            String remedy = named
                    ? "point %s at a lock file that razor models list accepts, or unset it"
                            .formatted(ModelsLock.VARIABLE)
                    : "get Razor's files again";
            String found = "no study is looked at: " + e.problems().getFirst();
            return Optional.of(Finding.of("models.lock", lack, found, remedy));
        }
    }
}
