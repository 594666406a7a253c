package dev.razor.cli;

import dev.razor.core.run.Progress;
import dev.razor.core.run.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Shows progress on stderr: one line that renews itself on a terminal, else a plain line every few seconds.
final class TerminalProgress implements Progress, AutoCloseable {

    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
    private static final Duration TERMINAL_EVERY = Duration.ofMillis(100);

    private final PrintWriter err;
    private final boolean terminal;

    /// The pieces of work under way; of a study with several jobs they are more than one.
    private final Map<String, Piece> pieces = new HashMap<>();

    private boolean lineOpen;

    private static final class Piece {

        final long firstDone;
        final long started;
        long done;
        long shown;

        Piece(long firstDone, long started) {
            this.firstDone = firstDone;
            this.started = started;
            this.done = firstDone;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    TerminalProgress(PrintWriter err) {
        this.err = err;
        this.terminal = System.console() != null && System.console().isTerminal();
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        long now = System.nanoTime();
        Piece piece = pieces.get(what);
        if (piece == null || done < piece.done) {
            piece = new Piece(done, now);
            pieces.put(what, piece);
        }
        piece.done = done;
        Duration every = terminal ? TERMINAL_EVERY : PLAIN_EVERY;
        boolean over = total > 0 && done >= total; // a total of 0 is one that is not known
        if (piece.shown != 0 && now - piece.shown < every.toNanos() && !over) {
            return;
        }
        piece.shown = now;
        if (over) {
            pieces.remove(what);
        }
        Duration left = ProgressLine.left(piece.firstDone, done, total, Duration.ofNanos(now - piece.started));
        String text = ProgressLine.text(what, done, total, detail, left);
        if (terminal) {
            err.print("\r\033[K" + text);
            lineOpen = true;
            if (over) {
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
