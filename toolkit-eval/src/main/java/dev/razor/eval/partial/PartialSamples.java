package dev.razor.eval.partial;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
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
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What an evaluation has done of a task so far, `samples_TASK.jsonl.partial`: a first line that says what
/// decides the samples, then a line a document in the order they were done, each with the document's number in
/// `doc_id`.
///
/// A line is with the operating system when [#append] returns. One that a killed process left half-written is
/// dropped.
public final class PartialSamples implements AutoCloseable {

    private static final String DOCUMENT = "doc_id";

    private final Path file;
    private final FileChannel channel;
    private final Map<Integer, ObjectNode> done = new LinkedHashMap<>();

    private PartialSamples(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Where the work on a task is kept.
    public static Path file(Path folder, String task) {
        return folder.resolve("samples_%s.jsonl.partial".formatted(task));
    }

    /// Opens the work of an earlier process, or begins.
    ///
    /// @param identity what decides the samples, such as the model's digest and the options
    /// @throws ConfigException if the file is of another identity, in use by another process, or cannot be
    ///     written
    public static PartialSamples open(Path file, ObjectNode identity) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean good = false;
            try {
                lock(file, channel);
                PartialSamples samples = new PartialSamples(file, channel);
                samples.begin(identity);
                good = true;
                return samples;
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

    private void begin(ObjectNode identity) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int line = 0;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            line++;
            ObjectNode node = parsed(new String(bytes, start, i - start, StandardCharsets.UTF_8), line);
            if (line == 1) {
                requireSame(identity, node);
            } else {
                done.put(node.path(DOCUMENT).asInt(-1), node);
            }
            start = i + 1;
        }
        channel.truncate(start);
        channel.position(start);
        if (line == 0) {
            write(identity);
        }
    }

    private ObjectNode parsed(String line, int number) {
        try {
            if (JsonMapper.shared().readTree(line) instanceof ObjectNode node) {
                return node;
            }
        } catch (JacksonException _) {
            // told below
        }
        throw new DataException("%s:%d: is damaged; delete the file to begin again".formatted(file, number));
    }

    private void requireSame(ObjectNode identity, ObjectNode found) {
        // Compared as text: a number that was read again may have another type.
        ObjectNode now = parsed(JsonLine.of(identity), 1);
        for (String key : now.propertyNames()) {
            JsonNode then = found.path(key);
            if (!then.equals(now.get(key))) {
                throw new ConfigException(
                        ("output: %s is of another evaluation: %s was %s and is %s now; choose another directory, or"
                                        + " delete it")
                                .formatted(file, key, then.isMissingNode() ? "not there" : then, now.get(key)));
            }
        }
    }

    /// The lines of the documents that are done, by the document's number.
    public Map<Integer, ObjectNode> done() {
        return new LinkedHashMap<>(done);
    }

    /// Adds what came of a document.
    public void append(int document, ObjectNode line) {
        try {
            write(line.put(DOCUMENT, document));
        } catch (IOException e) {
            throw failed(file, e);
        }
        done.put(document, line);
    }

    private void write(ObjectNode line) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap((JsonLine.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// Puts the lines written so far on the disk and closes the file; where there are none it is removed.
    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                channel.force(false);
                channel.close();
                if (done.isEmpty()) {
                    Files.deleteIfExists(file);
                }
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
