package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceMemoryTest {

    @TempDir
    private Path directory;

    private DeviceMemory memory() {
        return DeviceMemory.ofCpu(directory.resolve("proc"), directory.resolve("cgroup"));
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void ofCpu_isWhatLinuxCallsAvailable() throws IOException {
        write("proc/meminfo", "MemTotal:       24000 kB\nMemFree:         100 kB\nMemAvailable:    2000 kB\n");
        write("cgroup/memory.max", "max\n");
        write("cgroup/memory.current", "1000\n");
        assertThat(memory().bytes()).hasValue(2000 << 10);
        assertThat(memory().source()).isEqualTo("MemAvailable");
        assertThat(memory().gpu()).isFalse();
    }

    @Test
    void ofCpu_isNoMoreThanTheControlGroupLeaves() throws IOException {
        write("proc/meminfo", "MemAvailable:    2000 kB\n");
        write("cgroup/memory.max", "1000000\n");
        write("cgroup/memory.current", "600000\n");
        assertThat(memory().bytes()).hasValue(400_000);
        write("cgroup/memory.stat", "anon 1\ninactive_file 50000\nactive_file 7\n");
        assertThat(memory().bytes()).hasValue(450_000);
        assertThat(memory().source()).isEqualTo("control group");
    }

    @Test
    void ofCpu_readsVersionOneOfControlGroups() throws IOException {
        write("proc/meminfo", "MemAvailable:    2000 kB\n");
        write("cgroup/memory/memory.limit_in_bytes", "1000000\n");
        write("cgroup/memory/memory.usage_in_bytes", "900000\n");
        assertThat(memory().bytes()).hasValue(100_000);
    }

    @Test
    void ofCpu_saysWhenNothingIsKnown() {
        assertThat(memory().bytes()).isEmpty();
        assertThat(memory().source()).isEqualTo("there is no /proc/meminfo");
    }
}
