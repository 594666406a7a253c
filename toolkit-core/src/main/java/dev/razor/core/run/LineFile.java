package dev.razor.core.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A file of JSON objects, one a line, that one process at a time adds to: work in progress, from which the next
/// process goes on.
///
/// A line is with the operating system when [#append] returns, and on the disk some seconds later. A last line
/// that a killed process has left half-written is dropped. Lines stay in the file; only where each lies is in
/// memory.
public final class LineFile implements AutoCloseable {

    private static final long FORCE_EVERY_NANOS = 5_000_000_000L;

    private record Place(long at, int length) {}

    private final Path file;
    private final List<Path> made;
    private final FileChannel channel;
    private final List<Place> places = new ArrayList<>();
    private long forced = System.nanoTime();

    private LineFile(Path file, List<Path> made, FileChannel channel) {
        this.file = file;
        this.made = made;
        this.channel = channel;
    }

    /// Opens the lines of an earlier process, or begins; directories that lack are made.
    ///
    /// @throws ConfigException if another process is at the file, or it cannot be written
    public static LineFile open(Path file) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        List<Path> made = missing(folder);
        OutputDirectory.createDirectories(folder);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean good = false;
            try {
                lock(file, channel);
                LineFile lines = new LineFile(file, made, channel);
                lines.find();
                good = true;
                return lines;
            } finally {
                if (!good) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    /// The directories from `directory` upwards that do not exist.
    private static List<Path> missing(Path directory) {
        List<Path> missing = new ArrayList<>();
        for (@Nullable Path each = directory; each != null && !Files.exists(each); each = each.getParent()) {
            missing.add(each);
        }
        return missing;
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            locked = false;
        }
        if (!locked) {
            throw new ConfigException(
                    "output: another process is writing to %s; wait for it, or stop it".formatted(file));
        }
    }

    /// Reads through the locked channel: closing any other one on the file would drop the process's lock on it.
    private void find() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all, all.position()) >= 0) {}
        byte[] bytes = all.array();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                places.add(new Place(start, i - start));
                start = i + 1;
            }
        }
        channel.truncate(start);
        channel.position(start);
    }

    /// Where the lines lie.
    public Path path() {
        return file;
    }

    /// How many lines there are.
    public int size() {
        return places.size();
    }

    /// A line.
    ///
    /// @param index from 0
    /// @throws DataException if it is no JSON object
    public ObjectNode read(int index) {
        Place place = places.get(index);
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        try {
            while (bytes.hasRemaining() && channel.read(bytes, place.at() + bytes.position()) >= 0) {}
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
        try {
            if (JsonMapper.shared().readTree(bytes.array()) instanceof ObjectNode node) {
                return node;
            }
        } catch (JacksonException _) {
            // told below
        }
        throw new DataException("%s:%d: is damaged; delete the file to begin again".formatted(file, index + 1));
    }

    /// Adds a line; its index is the [#size] before.
    public void append(ObjectNode line) {
        byte[] bytes = (JsonLine.of(line) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            long at = channel.position();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            places.add(new Place(at, bytes.length - 1));
            if (System.nanoTime() - forced > FORCE_EVERY_NANOS) {
                channel.force(false);
                forced = System.nanoTime();
            }
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    /// Closes and removes the file, and the directories that were made for it where nothing else is in them.
    public void delete() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
        try {
            for (Path directory : made) {
                Files.deleteIfExists(directory);
            }
        } catch (FileSystemException _) {
            // something else is in it
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    /// Puts the lines written so far on the disk and closes the file.
    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                channel.force(false);
                channel.close();
            }
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }
}
