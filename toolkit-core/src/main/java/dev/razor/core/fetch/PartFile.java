package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The first bytes of a file that is being fetched, their digest, and where they are from. What is on disk
/// outlives the process: opening it again goes on behind what is there.
///
/// A failure of the disk is a [DataException]; it is none of the network's, and no further attempt mends it.
final class PartFile implements AutoCloseable {

    private static final int BUFFER = 1 << 20;

    /// Where the bytes are from.
    ///
    /// @param tag the entity tag that stands for these very bytes there; null where the server gave none
    /// @param total how many bytes the whole has by that answer; -1 where it did not say
    record Source(URI address, @Nullable String tag, long total) {

        /// What is noted at `note`, also of a part that has been given its place; null where nothing is.
        static @Nullable Source read(Path note) throws IOException {
            if (!Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            List<String> lines = new String(Files.readAllBytes(note), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            try {
                return lines.isEmpty()
                        ? null
                        : new Source(
                                URI.create(lines.getFirst()),
                                lines.size() < 2 ? null : Answer.strong(lines.get(1)),
                                lines.size() < 3 || !lines.get(2).matches("\\d{1,18}")
                                        ? -1
                                        : Long.parseLong(lines.get(2)));
            } catch (IllegalArgumentException _) {
                return null;
            }
        }

        void write(Path note) throws IOException {
            Files.createDirectories(note.getParent());
            Files.write(
                    note, List.of(address.toString(), tag == null ? "" : tag, total < 0 ? "" : Long.toString(total)));
        }
    }

    private final String name;
    private final Path path;
    private final Path note;
    private final FileChannel channel;
    private LongConsumer progress = bytes -> {};
    private MessageDigest digest = sha256();
    private long length;
    private @Nullable Source source;

    private PartFile(String name, Path path, Path note, FileChannel channel) {
        this.name = name;
        this.path = path;
        this.note = note;
        this.channel = channel;
    }

    /// Opens `path`, which is made where it lacks, and reads what is there.
    ///
    /// @param name heads messages
    /// @param note the file that tells where the bytes are from
    /// @param there is told how many bytes are there
    static PartFile open(String name, Path path, Path note, LongConsumer there) {
        try {
            Files.createDirectories(path.getParent());
            FileChannel channel = FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            PartFile part = new PartFile(name, path, note, channel);
            try {
                part.readWhatIsThere();
                there.accept(part.length);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return part;
        } catch (IOException e) {
            throw failed(name, path, e);
        }
    }

    private void readWhatIsThere() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer) >= 0) {
            digest.update(buffer.flip());
            length += buffer.limit();
            buffer.clear();
        }
        source = Source.read(note);
    }

    /// Tells `progress` of bytes that come from now on, and with a minus of such as are given up.
    void tell(LongConsumer progress) {
        this.progress = progress;
    }

    long length() {
        return length;
    }

    /// Where the bytes are from; null where that is not known.
    @Nullable
    Source source() {
        return source;
    }

    /// The digest of all bytes so far.
    String digest() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of the Java platform can be cloned", e);
        }
    }

    /// Gives all bytes up.
    void restart() {
        try {
            channel.truncate(0);
            Files.deleteIfExists(note);
        } catch (IOException e) {
            throw failed(name, path, e);
        }
        progress.accept(-length);
        digest = sha256();
        length = 0;
        source = null;
    }

    /// Notes where the bytes that follow are from. Only with no bytes yet: all are from one place.
    void startFrom(Source from) {
        try {
            from.write(note);
        } catch (IOException e) {
            throw failed(name, note, e);
        }
        source = from;
    }

    void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        try {
            ByteBuffer copy = bytes.duplicate();
            long at = length;
            while (copy.hasRemaining()) {
                at += channel.write(copy, at);
            }
        } catch (IOException e) {
            throw failed(name, path, e);
        }
        digest.update(bytes);
        length += count;
        progress.accept(count);
    }

    /// Forces all bytes to the disk and gives the file its place. Where it is from stays noted here.
    void moveTo(Path target) {
        try {
            channel.force(true);
            channel.close();
            Files.createDirectories(target.getParent());
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(name, target, e);
        }
    }

    private static DataException failed(String name, Path path, IOException e) {
        String reason = IoReason.of(e);
        String remedy = reason.contains("No space") || reason.contains("quota")
                ? "free space and run the command again: it goes on from what is there"
                : "look at the directory's rights, or choose another with --cache";
        return new DataException("%s: cannot write %s: %s; %s".formatted(name, path, reason, remedy), e);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(name, path, e);
        }
    }
}
