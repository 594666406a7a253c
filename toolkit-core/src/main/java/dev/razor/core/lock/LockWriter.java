package dev.razor.core.lock;

import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.CacheCheck.Found;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes sizes and digests that were found into a lock file, and leaves every other letter of it as it is:
/// comments, order and style. The new file takes the old one's place by a rename, after it has been read back
/// and checked.
public final class LockWriter {

    private LockWriter() {}

    /// Puts `found` (by path) where the entry's files have `null`. What is recorded is never changed. The file is
    /// read again: what others have written since `lock` was read stays. One process at a time does this; its
    /// lock is on a file of its own, `.models.lock.lock`, which stays: deleting it would let two hold it.
    ///
    /// @return how many files were filled in
    /// @throws ConfigException if the file cannot be written, if its style is one that this does not understand,
    /// or if what was found is not what is recorded
    public static synchronized int fill(ModelsLock lock, LockEntry entry, Map<String, Found> found) {
        try {
            Path file = lock.file().toRealPath(); // through a link, which stays
            Path guard = file.resolveSibling("." + file.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(
                            guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    FileLock _ = channel.lock()) {
                ModelsLock now = ModelsLock.read(file);
                LockEntry there = now.entry(entry.name());
                requireSame(lock.file(), entry, there);
                requireNoContradiction(lock.file(), there, found);
                int open = (int) there.files().stream()
                        .filter(each -> isOpen(each) && found.containsKey(each.path()))
                        .count();
                if (open > 0) {
                    replace(lock.file(), now, there, found);
                }
                return open;
            }
        } catch (IOException e) {
            throw new ConfigException(
                    "%s: cannot be written: %s; look at the rights of its folder"
                            .formatted(lock.file(), IoReason.of(e)),
                    e);
        }
    }

    private static void replace(Path named, ModelsLock now, LockEntry entry, Map<String, Found> found)
            throws IOException {
        Path file = now.file();
        Path temporary = file.resolveSibling(".%s.tmp-%s"
                .formatted(file.getFileName(), UUID.randomUUID().toString().substring(0, 8)));
        String text = LockText.filled(Files.readString(file), entry.name(), found);
        try {
            write(temporary, text, permissions(file));
            requireFilled(named, temporary, now, entry, found);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// The rights of `file`; null where the file system has none.
    private static @Nullable Set<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null ? null : view.readAttributes().permissions();
    }

    private static void write(Path file, String text, @Nullable Set<PosixFilePermission> permissions)
            throws IOException {
        if (permissions == null) {
            Files.writeString(file, text);
            return;
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, permissions);
    }

    private static boolean isOpen(LockedFile file) {
        return file.sha256() == null || file.bytes() == null;
    }

    /// What was found is of the files and addresses of then.
    private static void requireSame(Path file, LockEntry then, LockEntry now) {
        if (!then.templates().equals(now.templates()) || !paths(then).equals(paths(now))) {
            throw new ConfigException(
                    "%s: %s: was changed while its files were looked at; run it again".formatted(file, now.name()));
        }
    }

    private static List<String> paths(LockEntry entry) {
        return entry.files().stream().map(LockedFile::path).toList();
    }

    /// A digest beside the size of another file would make an entry that nothing can be fetched by.
    private static void requireNoContradiction(Path lock, LockEntry entry, Map<String, Found> found) {
        List<String> problems = new ArrayList<>();
        for (LockedFile file : entry.files()) {
            Found values = found.get(file.path());
            if (values == null || !isOpen(file)) {
                continue;
            }
            String differs = null;
            if (file.bytes() != null && file.bytes() != values.bytes()) {
                differs = "has %,d bytes in %s, what was found has %,d"
                        .formatted(file.bytes(), lock.getFileName(), values.bytes());
            } else if (file.sha256() != null && !file.sha256().equals(values.sha256())) {
                differs = "has sha256 %s in %s, what was found has %s"
                        .formatted(file.sha256(), lock.getFileName(), values.sha256());
            }
            if (differs != null) {
                problems.add("%s/%s: %s; correct the revision, or write null there to record what was found"
                        .formatted(entry.name(), file.path(), differs));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /// Only the values that were to be filled in may differ.
    private static void requireFilled(
            Path named, Path written, ModelsLock before, LockEntry entry, Map<String, Found> found) {
        List<LockEntry> expected = before.entries().stream()
                .map(each -> each.equals(entry) ? filled(each, found) : each)
                .toList();
        if (!entries(written).equals(expected)) {
            throw new ConfigException(
                    "%s: %s: is not written as one line a file, {path: ..., bytes: null, sha256: null}; write it so and try again"
                            .formatted(named, entry.name()));
        }
    }

    /// None where what was written is no lock file.
    private static List<LockEntry> entries(Path written) {
        try {
            return ModelsLock.read(written).entries();
        } catch (ConfigException _) {
            return List.of();
        }
    }

    private static LockEntry filled(LockEntry entry, Map<String, Found> found) {
        List<LockedFile> files = entry.files().stream()
                .map(file -> filled(file, found.get(file.path())))
                .toList();
        return new LockEntry(entry.name(), entry.kind(), entry.licence(), entry.local(), entry.templates(), files);
    }

    private static LockedFile filled(LockedFile file, @Nullable Found values) {
        return values == null
                ? file
                : new LockedFile(
                        file.path(),
                        file.bytes() == null ? Long.valueOf(values.bytes()) : file.bytes(),
                        file.sha256() == null ? values.sha256() : file.sha256());
    }
}
