package dev.razor.core.plan;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The memory that a device has left, as far as it can be told without loading libtorch.
///
/// @param device `cpu` or `cuda:N`
/// @param bytes free; empty where it is not known
/// @param source where the number comes from, or why there is none
public record DeviceMemory(String device, OptionalLong bytes, String source) {

    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");

    /// What `name` has, one of `cpu`, `cuda`, `cuda:N` and `auto`.
    ///
    /// @throws ConfigException if there is no such device
    public static DeviceMemory of(String name) {
        int gpus = name.equals("cpu") ? 0 : CudaUtils.getGpuCount();
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return ofCpu(PROC, CGROUP);
        }
        int index = name.startsWith("cuda:") ? Integer.parseInt(name.substring("cuda:".length())) : 0;
        if (index >= gpus) {
            throw new ConfigException(
                    "device: %s asked for, but there are %d CUDA devices; use device: cpu".formatted(name, gpus));
        }
        long used = CudaUtils.getGpuMemory(Device.gpu(index)).getUsed();
        long all = CudaUtils.getGpuMemory(Device.gpu(index)).getMax();
        return new DeviceMemory("cuda:" + index, OptionalLong.of(all - used), "cudaMemGetInfo");
    }

    /// Whether it is a CUDA device.
    public boolean gpu() {
        return device.startsWith("cuda");
    }

    /// The smaller of what Linux calls available and what the control group leaves.
    ///
    /// @param proc `/proc`
    /// @param cgroup where control groups are mounted
    static DeviceMemory ofCpu(Path proc, Path cgroup) {
        OptionalLong available = available(proc.resolve("meminfo"));
        OptionalLong group = group(cgroup);
        if (available.isEmpty()) {
            return new DeviceMemory("cpu", group, group.isEmpty() ? "there is no /proc/meminfo" : "control group");
        }
        return group.isPresent() && group.getAsLong() < available.getAsLong()
                ? new DeviceMemory("cpu", group, "control group")
                : new DeviceMemory("cpu", available, "MemAvailable");
    }

    private static OptionalLong available(Path meminfo) {
        try (Stream<String> lines = Files.lines(meminfo, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /// What the group may still take: version 2 of the interface, else version 1. Files that can be dropped from
    /// memory count as free.
    private static OptionalLong group(Path cgroup) {
        OptionalLong two =
                left(cgroup.resolve("memory.max"), cgroup.resolve("memory.current"), cgroup.resolve("memory.stat"));
        Path one = cgroup.resolve("memory");
        return two.isPresent()
                ? two
                : left(
                        one.resolve("memory.limit_in_bytes"),
                        one.resolve("memory.usage_in_bytes"),
                        one.resolve("memory.stat"));
    }

    private static OptionalLong left(Path limit, Path usage, Path stat) {
        try {
            long most = Long.parseLong(Files.readString(limit).strip());
            long taken = Long.parseLong(Files.readString(usage).strip());
            return OptionalLong.of(Math.max(0, most - taken + inactiveFiles(stat)));
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty(); // no such group, or no limit ("max")
        }
    }

    private static long inactiveFiles(Path stat) throws IOException {
        if (!Files.exists(stat)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(stat, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("inactive_file "))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
