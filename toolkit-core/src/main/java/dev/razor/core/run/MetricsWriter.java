package dev.razor.core.run;

import dev.razor.core.base.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A file of metrics, one JSON object a line, that can be followed while the run goes on.
///
/// Each line is handed to the operating system in one piece as soon as it is written, so a run that dies leaves
/// whole lines. Numbers are written with all their digits and read back equal; NaN and infinities, for which
/// JSON has no word, are written as null.
public final class MetricsWriter implements AutoCloseable {

    private final Path file;
    private final OutputStream out;

    private MetricsWriter(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /// Starts a new file.
    ///
    /// @throws dev.razor.core.base.ConfigException if it exists or cannot be written
    public static MetricsWriter create(Path file) {
        return open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    /// Goes on writing the file of a run that was interrupted. A last line that was cut off is dropped, and so
    /// are the lines from the first whose `step` lies beyond `lastStep`, which the resumed run will write
    /// again.
    ///
    /// @throws dev.razor.core.base.ConfigException if it cannot be read or written
    public static MetricsWriter resume(Path file, long lastStep) {
        MetricsTail.cut(file, lastStep);
        return open(file, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    }

    static MetricsWriter open(Path file, StandardOpenOption... options) {
        try {
            return new MetricsWriter(file, Files.newOutputStream(file, options));
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    /// Writes one line: names and values in the map's order. A value is a number, a text, a boolean, null, or a
    /// piece of JSON where the file is a table.
    public void write(SequencedMap<String, ? extends @Nullable Object> metrics) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, ? extends @Nullable Object> metric : metrics.entrySet()) {
            put(line, metric.getKey(), metric.getValue());
        }
        try {
            out.write((JsonLine.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    private static void put(ObjectNode line, String name, @Nullable Object value) {
        switch (value) {
            case null -> line.putNull(name);
            case Double number -> line.put(name, number);
            case Float number -> line.put(name, number);
            case Integer number -> line.put(name, number);
            case Long number -> line.put(name, number);
            case Boolean flag -> line.put(name, flag);
            case String text -> line.put(name, text);
            case JsonNode node -> line.set(name, node);
            default ->
                Check.that(false, "metric %s is a %s; metrics are numbers, texts or booleans", name, value.getClass());
        }
    }

    /// Has what was written forced to the disk, so that it outlasts a power cut.
    public void force() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }
}
