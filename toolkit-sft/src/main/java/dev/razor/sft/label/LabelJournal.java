package dev.razor.sft.label;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.JsonLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The file of work in progress, `OUTPUT.partial`: a first line that says whose work it is, then a line for
/// every prompt that is done, in the order they were done.
///
/// A line is with the operating system when [#append] returns, and on the disk some seconds later. A line that a
/// killed process has left half-written is dropped. Texts stay in the file; only where each lies is in memory.
final class LabelJournal implements AutoCloseable {

    private static final long FORCE_EVERY_NANOS = 5_000_000_000L;

    private record Place(long at, int length, int line) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<Integer, Place> places = new LinkedHashMap<>();
    private int lines;
    private long forced = System.nanoTime();

    private LabelJournal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Where the work on `output` is kept.
    static Path file(Path output) {
        return output.resolveSibling(output.getFileName() + ".partial");
    }

    /// Opens the work of an earlier process, or begins.
    ///
    /// @param identity what decides the labels; work of another identity is not gone on with
    /// @throws ConfigException if there is work and `resume` is false, if it is another's, or if another process
    ///     is at it
    static LabelJournal open(Path file, LabelIdentity identity, boolean resume) {
        if (Files.exists(file) && !resume) {
            throw new ConfigException(
                    "output: %s holds labels of a run that did not end; add --resume to go on, or delete it"
                            .formatted(file));
        }
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean good = false;
            try {
                lock(file, channel);
                LabelJournal journal = new LabelJournal(file, channel);
                journal.begin(identity);
                good = true;
                return journal;
            } finally {
                if (!good) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
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

    private void begin(LabelIdentity identity) throws IOException {
        long whole = 0;
        for (byte[] line : wholeLines()) {
            lines++;
            JsonRecord record = parsed(line);
            if (lines == 1) {
                identity.requireSame(file, record.node());
            } else {
                places.put(PromptLabel.of(record).prompt(), new Place(whole, line.length, lines));
            }
            whole += line.length + 1;
        }
        channel.truncate(whole);
        channel.position(whole);
        if (lines == 0) {
            write(identity.json());
        }
    }

    /// The lines that end in a newline, without it.
    private List<byte[]> wholeLines() throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        List<byte[]> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < all.limit(); i++) {
            if (all.get(i) == '\n') {
                byte[] line = new byte[i - start];
                all.get(start, line);
                found.add(line);
                start = i + 1;
            }
        }
        return found;
    }

    private JsonRecord parsed(byte[] line) {
        try {
            if (JsonMapper.shared().readTree(line) instanceof ObjectNode node) {
                return new JsonRecord(file, lines, node);
            }
        } catch (JacksonException _) {
            // told below
        }
        throw new DataException("%s:%d: is damaged; delete the file to begin again".formatted(file, lines));
    }

    /// Whether the prompt is done.
    boolean has(int prompt) {
        return places.containsKey(prompt);
    }

    /// How many prompts are done.
    int size() {
        return places.size();
    }

    /// What came of a prompt that is done.
    PromptLabel read(int prompt) {
        Place place = Objects.requireNonNull(places.get(prompt));
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        try {
            while (bytes.hasRemaining() && channel.read(bytes, place.at() + bytes.position()) >= 0) {}
        } catch (IOException e) {
            throw failed(file, e);
        }
        ObjectNode node = (ObjectNode) JsonMapper.shared().readTree(bytes.array());
        return PromptLabel.of(new JsonRecord(file, place.line(), node));
    }

    /// Adds what came of a prompt.
    void append(PromptLabel label) {
        try {
            long at = channel.position();
            int length = write(label.toJson());
            places.put(label.prompt(), new Place(at, length, lines));
            if (System.nanoTime() - forced > FORCE_EVERY_NANOS) {
                channel.force(false);
                forced = System.nanoTime();
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private int write(ObjectNode line) throws IOException {
        byte[] bytes = (JsonLine.of(line) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        lines++;
        return bytes.length - 1;
    }

    /// Removes the file, whose work has been published.
    void delete() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                channel.force(false);
                channel.close();
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static ConfigException failed(Path file, IOException e) {
        return new ConfigException(
                "output: cannot write %s: %s; free space or choose another place".formatted(file, IoReason.of(e)), e);
    }
}
