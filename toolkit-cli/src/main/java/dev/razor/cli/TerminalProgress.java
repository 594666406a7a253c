package dev.razor.cli;

import dev.razor.core.run.Progress;
import dev.razor.core.run.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Shows progress on stderr: one line that renews itself on a terminal, else a plain line every few seconds.
final class TerminalProgress implements Progress, AutoCloseable {

    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
    private static final Duration TERMINAL_EVERY = Duration.ofMillis(100);

    private final PrintWriter err;
    private final boolean terminal;
    private @Nullable String what;
    private long firstDone;
    private long started;
    private long shown;
    private boolean lineOpen;

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    TerminalProgress(PrintWriter err) {
        this.err = err;
        this.terminal = System.console() != null && System.console().isTerminal();
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        long now = System.nanoTime();
        if (!what.equals(this.what)) {
            this.what = what;
            firstDone = done - 1;
            started = now;
            shown = 0;
        }
        Duration every = terminal ? TERMINAL_EVERY : PLAIN_EVERY;
        if (shown != 0 && now - shown < every.toNanos() && (total == 0 || done < total)) {
            return;
        }
        shown = now;
        Duration left = ProgressLine.left(firstDone, done, total, Duration.ofNanos(now - started));
        String text = ProgressLine.text(what, done, total, detail, left);
        if (terminal) {
            err.print("\r\033[K" + text);
            lineOpen = true;
            if (total > 0 && done >= total) {
                endLine();
            }
        } else {
            err.println(text);
        }
        err.flush();
    }

    @Override
    public void close() {
        endLine();
    }

    /// Ends the line that renews itself, so that other lines can follow.
    void endLine() {
        if (lineOpen) {
            err.println();
            err.flush();
            lineOpen = false;
        }
    }
}
