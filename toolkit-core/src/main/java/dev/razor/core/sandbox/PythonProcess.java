package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A sandboxed Python process and the pipe to it: lines of text, of which none may be longer than agreed.
///
/// The thread that starts it must live as long as it: the kernel ends the process with the thread.
final class PythonProcess implements AutoCloseable {

    private static final long START_MILLISECONDS = 30_000;
    private static final int LONGEST_MESSAGE = 300;

    private final Process process;
    private final InputStream replies;
    private final OutputStream requests;
    private final String settings;
    private final int longest;

    /// Starts `command`, which then waits for `settings` ([#awaitReady]).
    PythonProcess(List<String> command, String settings, int longest) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PYTHONHASHSEED", "0"); // sets are read in the same order in every run
        builder.directory(new File("/"));
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new ConfigException(
                    "sandbox: cannot start %s: %s; check that it can be run"
                            .formatted(command.getFirst(), e.getMessage()),
                    e);
        }
        this.replies = new BufferedInputStream(process.getInputStream(), 1 << 16);
        this.requests = process.getOutputStream();
        this.settings = settings;
        this.longest = longest;
    }

    /// Confines the process; from then on a program can be given to it.
    ///
    /// @throws ConfigException if it cannot be confined here
    void awaitReady() {
        Watchdog watchdog = new Watchdog(START_MILLISECONDS, this::kill);
        try (watchdog) {
            if (send(settings) && "R".equals(receive())) {
                return;
            }
        }
        String reason = watchdog.barked() ? "no answer in 30 s" : complaint();
        throw new ConfigException(
                "sandbox: cannot run code safely here, got: %s; docs/sandbox.md names what the kernel".formatted(reason)
                        + " has to allow");
    }

    /// Sends one line.
    ///
    /// @return false if the process has ended
    boolean send(String line) {
        try {
            requests.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            requests.flush();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// The next line, or null if the process has ended, or sent something longer than allowed.
    @Nullable
    String receive() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = replies.read(); next != '\n'; next = replies.read()) {
                if (next < 0 || line.size() >= longest) {
                    return null;
                }
                line.write(next);
            }
        } catch (IOException _) {
            return null;
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /// The kernel ends the sandbox's first process, and with it all others in there.
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        closeQuietly(requests);
        closeQuietly(replies);
        closeQuietly(process.getErrorStream());
    }

    /// What the process said on standard error before it ended.
    private String complaint() {
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                kill();
            }
            String text = new String(process.getErrorStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
            String last = text.lines().reduce("", (_, line) -> line).strip();
            return last.isEmpty() ? "no message" : cut(last);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE);
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception _) {
            // the process is dead, and nothing is expected from it
        }
    }

    /// What a short command prints; empty if it cannot be run.
    static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                return new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException _) {
            return "";
        }
    }
}
