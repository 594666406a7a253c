package dev.razor.core.run;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The text of a progress line: `step 12/100  loss 1.234  ETA 0:01:10`.
public final class ProgressLine {

    private ProgressLine() {}

    /// The line for `done` of `total` steps (zero: unknown), with the time that is left if it can be told.
    public static String text(String what, long done, long total, String detail, @Nullable Duration left) {
        StringBuilder line = new StringBuilder(what).append(' ').append(done);
        if (total > 0) {
            line.append('/').append(total);
        }
        if (!detail.isEmpty()) {
            line.append("  ").append(detail);
        }
        if (left != null && done > 0 && done < total) {
            line.append("  ETA ").append(clock(left));
        }
        return line.toString();
    }

    /// The detail of a training step: `loss 1.2340 12,345 tokens/s`, and `MFU 41.2 %` behind it where the share
    /// of the device's peak is known.
    public static String training(double loss, double tokensPerSecond, OptionalDouble utilisation) {
        String text = String.format(Locale.ROOT, "loss %.4f  %,.0f tokens/s", loss, tokensPerSecond);
        return utilisation.isEmpty()
                ? text
                : text + String.format(Locale.ROOT, "  MFU %.1f %%", 100 * utilisation.getAsDouble());
    }

    /// The time left if work goes on as it went, or null when nothing can be told yet:
    ///
    /// ```
    /// left = elapsed * (total - done) / (done - first)
    /// ```
    ///
    /// @param first how much was done when the clock started; not zero for a run that was resumed
    public static @Nullable Duration left(long first, long done, long total, Duration elapsed) {
        if (done <= first || total < done || !elapsed.isPositive()) {
            return null;
        }
        return Duration.ofMillis(Math.round((double) elapsed.toMillis() * (total - done) / (done - first)));
    }

    /// How many of `unit` bytes `done` of `total` bytes are: rounded up as the total is, which is reached by the last
    /// byte alone. A total of zero is one that is not known.
    public static long units(long done, long total, long unit) {
        long units = Math.ceilDiv(done, unit);
        return done < total ? Math.min(units, Math.ceilDiv(total, unit) - 1) : units;
    }

    /// A duration as `h:mm:ss`, rounded up to whole seconds.
    static String clock(Duration duration) {
        long seconds = duration.plusNanos(999_999_999).toSeconds();
        return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
