package dev.razor.core.run;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A file or directory that comes into being whole or not at all.
///
/// It is written beside its target under the name `.NAME.tmp-RANDOM`, forced to the disk, and renamed on
/// [#commit]. A reader of the target, or a machine that loses its power, sees all of it or nothing. Without a
/// commit, [#close] removes what was written, and so does the end of the process where that is told before (Ctrl-C,
/// SIGTERM; not SIGKILL). Nothing existing is replaced. (Two processes that publish to one
/// target in the same instant are not kept apart: a rename that refuses an existing file is not portable.)
public final class Publication implements AutoCloseable {

    /// What is being written. Guarded by itself, so that nothing gets its name while the process ends.
    private static final Set<Publication> OPEN = new HashSet<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Publication::abandonAll, "razor-publications"));
    }

    private static boolean ending;

    private final Path target;
    private final Path temporary;

    private Publication(Path target) {
        this.target = target;
        this.temporary = target.resolveSibling(".%s.tmp-%s"
                .formatted(target.getFileName(), UUID.randomUUID().toString().substring(0, 8)));
    }

    /// Prepares to publish `target`, whose parent directories are made where they lack.
    ///
    /// @throws ConfigException if `target` exists or its directory cannot be made
    public static Publication of(Path target) {
        requireNew(target);
        OutputDirectory.createDirectories(parent(target));
        Publication publication = new Publication(target);
        synchronized (OPEN) {
            OPEN.add(publication);
        }
        return publication;
    }

    private static void abandonAll() {
        synchronized (OPEN) {
            ending = true;
            OPEN.forEach(Publication::abandon);
        }
    }

    /// Deletes it under another name: who goes on writing by the old one finds no directory any more.
    private void abandon() {
        Publication abandoned = new Publication(target);
        try {
            Files.move(temporary, abandoned.temporary);
        } catch (IOException _) {
            return; // nothing was begun
        }
        abandoned.delete();
    }

    /// Does not come back where the process ends: what is told of it then would be about its end.
    private static void waitIfEnding() {
        while (isEnding()) {
            LockSupport.park();
        }
    }

    private static boolean isEnding() {
        synchronized (OPEN) {
            return ending;
        }
    }

    static void requireNew(Path target) {
        Path name = target.getFileName();
        if (name == null
                || name.toString().isEmpty()
                || name.toString().equals("..")
                || name.toString().equals(".")) {
            throw new ConfigException("output: %s names no file; give a name to write".formatted(target));
        }
        refuseExisting(target);
    }

    /// Where to write: a path at which nothing exists yet. Make a file or a directory there.
    public Path temporary() {
        return temporary;
    }

    /// Gives what was written its name.
    ///
    /// @throws ConfigException if that fails, or if something has appeared at the target meanwhile
    public void commit() {
        Check.that(Files.exists(temporary), "nothing was written for %s", target);
        refuseExisting(target);
        try {
            forceAll();
            synchronized (OPEN) {
                if (!ending) {
                    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            waitIfEnding();
            force(parent(target));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// The one line for a failure to write, in the words of the target's name.
    public ConfigException failed(IOException e) {
        waitIfEnding(); // it fails because what was written is being removed
        String file = target.toString();
        if (e instanceof FileSystemException failure && failure.getFile() != null) {
            Path place = Path.of(failure.getFile());
            file = place.startsWith(temporary)
                    ? target.resolve(temporary.relativize(place)).toString()
                    : failure.getFile();
        }
        return OutputDirectory.cannotWrite(file, e);
    }

    /// Removes what was written and not committed.
    @Override
    public void close() {
        delete();
        synchronized (OPEN) {
            OPEN.remove(this);
        }
    }

    private void delete() {
        try {
            for (Path path : written()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException _) {
            // what made the writing fail is on its way out and says more than this
        }
    }

    /// What was written, contents before their directory; nothing when there is nothing, as after a commit.
    private List<Path> written() throws IOException {
        if (!Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(temporary)) {
            return tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void forceAll() throws IOException {
        for (Path path : written()) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                force(path);
            }
        }
    }

    /// Forces a file's bytes, or a directory's list of names, to the disk.
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void refuseExisting(Path target) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConfigException("output: %s exists; choose another name, or move it away".formatted(target));
        }
    }

    private static Path parent(Path target) {
        Path parent = target.getParent();
        return parent == null ? Path.of(".") : parent;
    }
}
