package dev.razor.core.fetch;

import dev.razor.core.run.Progress;
import dev.razor.core.run.ProgressLine;
import java.util.Locale;

/// How far the files of one entry have come, all threads together: `qwen2.5-3b-instruct 1234/6172  MB, 85.3
/// MB/s`.
final class FetchProgress {

    private static final long SECOND = 1_000_000_000;

    private final Progress progress;
    private final String name;
    private final long total;
    private final long unit;
    private final String unitName;
    private long done;
    private long measuredAt = System.nanoTime();
    private long measured;
    private double rate;

    /// @param total bytes; 0 where it is not known
    FetchProgress(Progress progress, String name, long total) {
        this.progress = progress;
        this.name = name;
        this.total = total;
        this.unit = total < 10_000_000 ? 1_000 : 1_000_000;
        this.unitName = total < 10_000_000 ? "kB" : "MB";
    }

    /// Bytes that were there before: they count, and are no part of the rate.
    synchronized void start(long bytes) {
        done += bytes;
        measured = done;
        measuredAt = System.nanoTime();
    }

    /// Bytes that came; negative for such as were given up.
    synchronized void add(long bytes) {
        done += bytes;
        long elapsed = System.nanoTime() - measuredAt;
        if (elapsed >= SECOND) {
            double now = Math.max(0, done - measured) * (double) SECOND / elapsed;
            rate = rate == 0 ? now : 0.7 * rate + 0.3 * now;
            measured = done;
            measuredAt += elapsed;
        }
        String speed = rate == 0 ? "" : String.format(Locale.ROOT, ", %.1f MB/s", rate / 1e6);
        progress.update(
                name, ProgressLine.units(done, total, unit), ProgressLine.units(total, total, unit), unitName + speed);
    }
}
