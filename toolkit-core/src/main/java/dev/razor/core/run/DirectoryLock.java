package dev.razor.core.run;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second process from writing to the same run's or study's directory. The lock is the operating system's,
/// on a file `.lock` in the directory: it ends with the process, however that ends.
public final class DirectoryLock implements AutoCloseable {

    private static final String NAME = ".lock";

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock.
    ///
    /// @throws ConfigException if another process has it
    public static DirectoryLock take(Path directory) {
        Path file = directory.resolve(NAME);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
        if (lock(channel) == null) {
            closeQuietly(channel);
            throw new ConfigException(
                    "output: another process is writing to %s; wait for it, or stop it".formatted(directory));
        }
        return new DirectoryLock(file, channel);
    }

    /// Removes the file that a killed process has left in a directory in which nothing was begun.
    public static void removeFrom(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            closeQuietly(channel);
        }
    }
}
