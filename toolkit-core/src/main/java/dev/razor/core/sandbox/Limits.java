package dev.razor.core.sandbox;

import dev.razor.core.base.Check;
import java.time.Duration;

/// What a sandboxed program may use.
///
/// @param time wall time from the program's start to the verdict
/// @param memoryBytes address space of the process; there is only one process, so this bounds its memory
/// @param fileBytes size of one file, and of all files together
/// @param openFiles files, pipes and sockets open at once
/// @param threads threads at once
/// @param answerBytes one answer of the program to a call, as JSON
public record Limits(Duration time, long memoryBytes, long fileBytes, int openFiles, int threads, int answerBytes) {

    /// What HumanEval's programs get: 3 seconds, 1 GiB, 16 MiB of files, 64 open files, 32 threads, answers of 1
    /// MiB.
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(3), 1L << 30, 1L << 24, 64, 32, 1 << 20);

    public Limits {
        Check.that(time.isPositive(), "time: must be positive, got %s", time);
        Check.that(
                memoryBytes > 0 && fileBytes > 0 && openFiles > 0 && threads > 0 && answerBytes > 0,
                "limits: must be positive, got %s bytes, %s bytes, %s files, %s threads, %s bytes",
                memoryBytes,
                fileBytes,
                openFiles,
                threads,
                answerBytes);
    }

    /// These limits with another time.
    public Limits withTime(Duration time) {
        return new Limits(time, memoryBytes, fileBytes, openFiles, threads, answerBytes);
    }

    /// The longest line that a process may send: the program an answer; the tests, which are to be trusted, a call
    /// with arguments of 64 times that.
    int lineBytes(Harness harness) {
        return switch (harness) {
            case CANDIDATE -> answerBytes;
            case CHECKER -> (int) Math.min(1 << 30, 64L * answerBytes);
        };
    }

    /// Processor seconds: the wall time rounded up and one more, for the time that starting takes.
    long cpuSeconds() {
        return time.plusMillis(999).toSeconds() + 1;
    }
}
