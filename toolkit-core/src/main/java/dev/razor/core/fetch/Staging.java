package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Where an entry lies while it is not whole: three folders, each with a file of the same path for a file of the
/// entry, so that no two of them can meet.
///
/// ```
/// CACHE/.fetch/NAME.lock           held while NAME is fetched
/// CACHE/.fetch/NAME/parts/FILE     bytes that came so far
/// CACHE/.fetch/NAME/sources/FILE   where they are from
/// CACHE/.fetch/NAME/files/FILE     whole and verified
/// ```
record Staging(LockEntry entry, Path lock, Path root) {

    static Staging of(ModelCache cache, LockEntry entry) {
        Path folder = cache.directory().resolve(".fetch");
        return new Staging(entry, folder.resolve(entry.name() + ".lock"), folder.resolve(entry.name()));
    }

    Path part(LockedFile file) {
        return root.resolve("parts").resolve(file.path());
    }

    Path source(LockedFile file) {
        return root.resolve("sources").resolve(file.path());
    }

    Path file(LockedFile file) {
        return files().resolve(file.path());
    }

    Path files() {
        return root.resolve("files");
    }

    /// What the lock lies in, and the lock itself: looked at before anything is opened.
    void refuseOddLock() {
        Stream.of(lock.getParent(), lock).forEach(this::refuseOdd);
    }

    /// What lies in the cache is written to by name: a link there could lead anywhere, a pipe waits for ever.
    void refuseLinks() {
        below(root).forEach(this::refuseOdd);
    }

    private void refuseOdd(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new DataException("%s: %s is a link; delete it".formatted(entry.name(), path));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new DataException(
                    "%s: %s is neither a file nor a directory; delete it".formatted(entry.name(), path));
        }
    }

    /// Deletes what is no file of the entry. An earlier fetch has left it, when the lock named other files.
    void tidy() {
        for (Path folder : List.of(root.resolve("parts"), root.resolve("sources"), files())) {
            Set<Path> files = new HashSet<>();
            Set<Path> folders = new HashSet<>(Set.of(folder));
            for (LockedFile file : entry.files()) {
                Path path = folder.resolve(file.path());
                files.add(path);
                Stream.iterate(path.getParent(), up -> !up.equals(folder), Path::getParent)
                        .forEach(folders::add);
            }
            // what lies in a folder comes before the folder
            below(folder).stream()
                    .sorted(Comparator.reverseOrder())
                    .filter(path ->
                            !(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? folders : files).contains(path))
                    .forEach(OutputDirectory::delete);
        }
    }

    private static List<Path> below(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.toList();
        } catch (UncheckedIOException e) {
            throw unreadable(folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static DataException unreadable(Path folder, IOException e) {
        return new DataException(
                "%s: cannot be read: %s; look at its rights, or delete it".formatted(folder, IoReason.of(e)), e);
    }
}
