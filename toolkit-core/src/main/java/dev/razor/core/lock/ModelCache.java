package dev.razor.core.lock;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The directory that fetched entries lie in, each in a directory of its name.
public record ModelCache(Path directory) {

    /// Names another cache than `~/.cache/razor`.
    public static final String VARIABLE = "RAZOR_CACHE";

    /// The cache at `given`, else at `RAZOR_CACHE`, else at `~/.cache/razor`.
    public static ModelCache at(@Nullable Path given) {
        if (given != null) {
            return new ModelCache(given.toAbsolutePath().normalize());
        }
        String named = System.getenv(VARIABLE);
        return named == null || named.isEmpty()
                ? new ModelCache(Path.of(System.getProperty("user.home"), ".cache", "razor"))
                : new ModelCache(path(VARIABLE, named).toAbsolutePath().normalize());
    }

    /// The path that a variable of the environment holds.
    static Path path(String variable, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("%s: expected a path, got text that is none: %s".formatted(variable, e.getReason()), e);
        }
    }

    /// Where an entry lies, or will lie.
    public Path place(LockEntry entry) {
        Path local = entry.local();
        return local == null ? directory.resolve(entry.name()) : local;
    }

    /// Whether all files of an entry are there, with the sizes that are known. Their bytes are not read.
    public boolean has(LockEntry entry) {
        return entry.files().stream().allMatch(file -> isThere(place(entry).resolve(file.path()), file.bytes()));
    }

    private static boolean isThere(Path file, @Nullable Long bytes) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && (bytes == null || Files.size(file) == bytes);
        } catch (IOException _) {
            return false;
        }
    }
}
