package dev.razor.core.lock;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory that fetched entries lie in, each in a directory of its name.
public record ModelCache(Path directory) {

    /// Names another cache than `~/.cache/razor`.
    public static final String VARIABLE = "RAZOR_CACHE";

    /// The cache at `given`, else at `RAZOR_CACHE`, else at `~/.cache/razor`.
    ///
    /// @throws ConfigException if none is given and the user has no home
    public static ModelCache at(@Nullable Path given) {
        if (given != null) {
            return new ModelCache(given.toAbsolutePath().normalize());
        }
        String named = System.getenv(VARIABLE);
        return named == null || named.isEmpty()
                ? new ModelCache(
                        home(System.getProperty("user.home")).resolve(".cache").resolve("razor"))
                : new ModelCache(path(VARIABLE, named).toAbsolutePath().normalize());
    }

    /// The user's folder; Java calls it `?` where the system knows no user of that number.
    static Path home(@Nullable String home) {
        if (home == null || home.isBlank() || home.equals("?")) {
            throw new ConfigException(
                    "cache: this user has no home folder for it; set %s to a folder that can be written"
                            .formatted(VARIABLE));
        }
        return path("user.home", home);
    }

    /// The path that a variable of the environment holds.
    static Path path(String variable, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException(
                    "%s: expected a path, got text that is none: %s".formatted(variable, e.getReason()), e);
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

    /// The files in the place of a fetched entry that are none of its own, by their paths there. Fetching puts none
    /// there.
    public List<String> others(LockEntry entry) {
        Path place = place(entry);
        Set<Path> own =
                entry.files().stream().map(file -> place.resolve(file.path())).collect(Collectors.toSet());
        try (Stream<Path> tree = Files.walk(place)) {
            return tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !own.contains(path))
                    .map(path -> place.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw unreadable(place, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(place, e);
        }
    }

    private static DataException unreadable(Path place, IOException e) {
        return new DataException("%s: cannot be read: %s; look at its rights".formatted(place, IoReason.of(e)), e);
    }

    private static boolean isThere(Path file, @Nullable Long bytes) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && (bytes == null || Files.size(file) == bytes);
        } catch (IOException _) {
            return false;
        }
    }
}
