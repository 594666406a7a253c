package dev.razor.core.plan;

import ai.djl.Device;
import dev.razor.core.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a device is called by its maker.
public final class DeviceName {

    private static final Path GPUS = Path.of("/proc/driver/nvidia/gpus");

    private DeviceName() {}

    /// The processor's name, or that of the first GPU the driver lists; `unknown` where it lists none.
    public static String of(Device device) {
        return device.isGpu() ? gpu(GPUS) : Provenance.cpuModel();
    }

    public static String gpu(Path gpus) {
        try (Stream<Path> folders = Files.list(gpus)) {
            Path first = folders.sorted().findFirst().orElse(gpus);
            try (Stream<String> lines = Files.lines(first.resolve("information"))) {
                return lines.filter(line -> line.startsWith("Model:"))
                        .map(line -> line.substring("Model:".length()).strip())
                        .findFirst()
                        .orElse("unknown");
            }
        } catch (IOException _) {
            return "unknown";
        }
    }
}
