package dev.razor.eval.drift;

import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/// Compares two models in a Java process of its own, whose heap and resident memory [HugeWeightsTest] bounds.
final class HugeWeights {

    private HugeWeights() {}

    /// Prints what it found, and the most MiB that were resident.
    ///
    /// @param args the two directories
    public static void main(String[] args) throws IOException {
        WeightChange change =
                new WeightMeter(false, 0, "cpu").measure(Path.of(args[0]), Path.of(args[1]), Progress.silent());
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            long peak = status.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "l1 %.6f l2 %.6f spectral %.6f of %d, peak %d%n",
                    change.l1Sum(),
                    change.l2(),
                    change.spectral(),
                    change.entries(),
                    peak);
        }
    }
}
