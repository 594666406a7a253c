package dev.razor.core.run;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file of metrics for TensorBoard, `events.out.tfevents.SECONDS.HOST`, one scalar a metric.
///
/// Names are those that transformers' TensorBoard callback writes: `train/loss`, and `eval/loss` for
/// `eval_loss`. Each step is one record, handed to the operating system as soon as it is written, so a run that
/// dies leaves whole records but for the last, which TensorBoard passes over.
///
/// A resumed run writes a file of its own beside the old one. It starts with the event `session_log {status:
/// START}` at the first step that is computed again: TensorBoard then hides the points of older files from that
/// step on. It does so from the second START of a run, which is why every file has one.
///
/// @see <a href="https://www.tensorflow.org/api_docs/python/tf/compat/v1/Event">Event</a>
public final class EventFile implements AutoCloseable {

    private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private EventFile(Path file, OutputStream out, InstantSource clock) {
        this.file = file;
        this.out = out;
        this.clock = clock;
    }

    /// Starts the first file of a run in `directory`, which is made if it lacks.
    ///
    /// @throws ConfigException if it cannot be written
    public static EventFile create(Path directory) {
        return open(directory, 0, InstantSource.system());
    }

    /// Goes on with a run whose last step to be kept is `lastStep`: the points of later steps are hidden.
    ///
    /// @throws ConfigException if it cannot be written
    public static EventFile resume(Path directory, long lastStep) {
        return open(directory, lastStep + 1, InstantSource.system());
    }

    static EventFile open(Path directory, long firstStep, InstantSource clock) {
        OutputDirectory.createDirectories(directory);
        Instant now = clock.instant();
        Path file = directory.resolve("events.out.tfevents.%010d.%s".formatted(second(directory, now), host()));
        try {
            OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            EventFile events = new EventFile(file, out, clock);
            events.append(EventRecord.version(now));
            events.append(EventRecord.start(now, firstStep));
            return events;
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }

    /// The second that names a new file: now, or the one after the newest file's, since TensorBoard reads the
    /// files of a directory in the order of their names.
    private static long second(Path directory, Instant now) {
        try (Stream<Path> files = Files.list(directory)) {
            long newest = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("events\\.out\\.tfevents\\.\\d{1,18}\\..*"))
                    .mapToLong(name -> Long.parseLong(name.split("\\.", 5)[3]))
                    .max()
                    .orElse(0);
            return Math.max(now.getEpochSecond(), newest + 1);
        } catch (IOException e) {
            throw new ConfigException(
                    "output: cannot look into %s: %s; choose another directory".formatted(directory, IoReason.of(e)),
                    e);
        }
    }

    private static String host() {
        try {
            String name = Files.readString(KERNEL_NAME).strip().replaceAll("[^A-Za-z0-9.-]", "_");
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException _) {
            return "localhost";
        }
    }

    /// Writes the numbers among `metrics` as the scalars of step `step`; `step` itself, texts and nulls are left
    /// out.
    ///
    /// @throws ConfigException if they cannot be written
    public void write(long step, SequencedMap<String, ? extends @Nullable Object> metrics) {
        EventRecord.Scalars scalars = new EventRecord.Scalars();
        for (Map.Entry<String, ? extends @Nullable Object> metric : metrics.entrySet()) {
            if (metric.getValue() instanceof Number number && !metric.getKey().equals("step")) {
                scalars.add(tag(metric.getKey()), number.floatValue());
            }
        }
        append(EventRecord.summary(clock.instant(), step, scalars));
    }

    private static String tag(String metric) {
        return metric.startsWith("eval_") ? "eval/" + metric.substring("eval_".length()) : "train/" + metric;
    }

    private void append(byte[] event) {
        try {
            out.write(EventRecord.framed(event));
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
