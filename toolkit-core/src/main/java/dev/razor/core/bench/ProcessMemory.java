package dev.razor.core.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The memory of this process, as Linux counts it.
final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /// The most bytes that were resident since [#resetPeak], or since the process started; empty where there is
    /// no `/proc`.
    static OptionalLong peak() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /// Counts the peak from now on, where the kernel lets a process do that (`5` in `clear_refs`, proc(5)).
    static void resetPeak() {
        try {
            Files.writeString(CLEAR, "5");
        } catch (IOException _) {
            // then the peak is that of the whole process, which loading the model is part of
        }
    }
}
