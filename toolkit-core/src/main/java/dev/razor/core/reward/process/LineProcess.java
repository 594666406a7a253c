package dev.razor.core.reward.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running program that is asked by lines on its standard input and answers by lines on its standard output.
///
/// Threads of their own read and write its pipes, so that nobody waits for a pipe: not for a program that does
/// not read, and not for the end of a pipe that a forgotten grandchild holds open. What it prints on standard
/// error goes to the log, up to [#MOST_LOGGED] lines.
final class LineProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LineProcess.class);

    /// A line that has no end by then is no answer.
    static final int LONGEST_LINE = 65_536;

    static final int MOST_LOGGED = 20;

    private static final int LONGEST_LOGGED = 500;

    /// What is printed beyond that without being asked for is dropped; one line is one too many.
    private static final int MOST_BATCHES = 64;

    /// How long the last line on standard error may take to be read after the end.
    private static final long LAST_WORDS_MILLIS = 100;

    private static final Set<LineProcess> LIVING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(LineProcess::closeAll, "kill-programs"));
    }

    /// Set when this virtual machine ends: whoever still asks must not start programs that nobody kills.
    private static volatile boolean ending;

    /// What came in one read: the lines that ended in it.
    record Batch(List<String> lines, boolean tooLong, boolean ended) {}

    private final String name;
    private final Process process;
    private final String mark = UUID.randomUUID().toString();
    private final BlockingQueue<Batch> printed = new LinkedBlockingQueue<>(MOST_BATCHES);
    private final BlockingQueue<byte[]> questions = new LinkedBlockingQueue<>();
    private final Thread errors;
    private volatile @Nullable String lastError;

    /// Starts the program in a session of its own.
    ///
    /// @param command the program's file and its arguments
    /// @param name what the log calls it
    LineProcess(List<String> command, String name) throws IOException {
        this.name = name;
        List<String> all = new ArrayList<>(command);
        CommandLine.onPath("setsid").ifPresent(setsid -> all.addFirst(setsid.toString()));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put(ProcessTree.MARK, mark);
        this.process = builder.start();
        LIVING.add(this);
        if (ending) {
            close();
            throw new IOException("this program is ending");
        }
        this.errors = thread("err", () -> log(process.getErrorStream()));
        var _ = thread("in", () -> write(process.getOutputStream()));
        var _ = thread("out", () -> read(process.getInputStream()));
    }

    private static void closeAll() {
        ending = true;
        LIVING.forEach(LineProcess::close);
    }

    /// Writes a line to the program; does not wait until it is read.
    void ask(String line) {
        questions.add((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// What the program prints next, or null if it prints no whole line until the time is over.
    ///
    /// @param nanos how long to wait
    @Nullable
    Batch next(long nanos) throws InterruptedException {
        return printed.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /// Whether it has ended or printed something that nobody has taken.
    boolean stale() {
        return !printed.isEmpty() || !process.isAlive();
    }

    /// How it ended: the exit code and the last line on standard error.
    String ending() {
        try {
            String code = process.waitFor(200, TimeUnit.MILLISECONDS)
                    ? "ended with exit code " + process.exitValue()
                    : "closed its standard output";
            errors.join(LAST_WORDS_MILLIS);
            return lastError == null ? code : code + ": " + lastError;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "ended";
        }
    }

    long pid() {
        return process.pid();
    }

    /// Kills the program and all that it started.
    @Override
    public void close() {
        LIVING.remove(this);
        ProcessTree.kill(process.toHandle(), mark);
    }

    private Thread thread(String pipe, Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("%s-%d-%s".formatted(name, process.pid(), pipe))
                .start(work);
    }

    private void write(OutputStream out) {
        try (out) {
            while (process.isAlive()) {
                byte[] line = questions.poll(1, TimeUnit.SECONDS);
                if (line != null) {
                    out.write(line);
                    out.flush();
                }
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", name, e.getMessage()); // it has ended; whoever asked sees that
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                List<String> lines = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    if (buffer[i] != '\n') {
                        line.write(buffer[i]);
                        continue;
                    }
                    lines.add(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
                if (line.size() > LONGEST_LINE) {
                    printed.put(new Batch(lines, true, false));
                    return;
                }
                if (!lines.isEmpty() && !printed.offer(new Batch(lines, false, false))) {
                    LOG.debug("{}: prints without being asked", name);
                }
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var _ = printed.offer(new Batch(List.of(), false, true));
    }

    private void log(InputStream in) {
        StringBuilder line = new StringBuilder();
        byte[] buffer = new byte[8192];
        int logged = 0;
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (char c : new String(buffer, 0, n, StandardCharsets.UTF_8).toCharArray()) {
                    if (c != '\n') {
                        if (line.length() < LONGEST_LOGGED) {
                            line.append(c);
                        }
                    } else if (!line.toString().isBlank()) {
                        lastError = line.toString().strip();
                        if (logged++ < MOST_LOGGED) {
                            LOG.warn("{}: {}", name, lastError);
                        }
                        line.setLength(0);
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", name, e.getMessage());
        }
    }
}
