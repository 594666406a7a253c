package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Lets one process at a time fetch an entry; the others wait. The lock is the operating system's and ends with
/// the process, however that ends. Its file stays: deleting it would let two processes hold a lock of the same
/// name.
final class EntryLock implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final FileChannel channel;

    private EntryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Waits for the lock.
    ///
    /// @param waiting is told once if another has it
    static EntryLock take(Path file, Runnable waiting) throws InterruptedException {
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean told = false;
            while (tryLock(channel) == null) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                Thread.sleep(POLL);
            }
            return new EntryLock(channel);
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be locked: %s; choose another cache with --cache".formatted(file, IoReason.of(e)), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // the lock ends with the process at the latest
        }
    }
}
