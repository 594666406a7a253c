package dev.razor.cli.doctor;

import dev.razor.core.plan.ByteText;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.run.Provenance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Processors, memory and the threads that share them.
final class MachineFindings {

    private static final long LEAST_MEMORY = 2L << 30;

    private MachineFindings() {}

    static List<Finding> look() {
        Map<String, String> environment = System.getenv();
        int processors = Runtime.getRuntime().availableProcessors();
        return List.of(
                memory(DeviceMemory.of("cpu")),
                threads(processors, CpuAffinity.count(), environment.get("OMP_NUM_THREADS")),
                waiting(environment.get("OMP_WAIT_POLICY")));
    }

    static Finding memory(DeviceMemory memory) {
        if (memory.bytes().isEmpty()) {
            return Finding.warning("memory", memory.source(), "what a run needs cannot be compared with what is free");
        }
        long free = memory.bytes().getAsLong();
        String found = "%s free (%s), Java's share at most %s"
                .formatted(
                        ByteText.of(free),
                        memory.source(),
                        ByteText.of(Runtime.getRuntime().maxMemory()));
        return free >= LEAST_MEMORY
                ? Finding.ok("memory", found)
                : Finding.warning("memory", found, "end other programs, or give the container more (--memory)");
    }

    /// libtorch starts as many threads as it may run on processors, and knows nothing of a control group's quota.
    ///
    /// @param processors what the control group and the scheduler leave this process
    /// @param allowed what the scheduler alone leaves it; 0 where it is not known
    /// @param setting the variable OMP_NUM_THREADS, or null
    static Finding threads(int processors, int allowed, @Nullable String setting) {
        String found = "%s, %d usable".formatted(Provenance.cpuModel(), processors);
        if (setting != null) {
            String more = found + ", OMP_NUM_THREADS=" + setting;
            boolean fits = setting.matches("[1-9]\\d{0,4}") && Integer.parseInt(setting) <= processors;
            return fits
                    ? Finding.ok("processors", more)
                    : Finding.warning("processors", more, "set it to at most %d, or unset it".formatted(processors));
        }
        return allowed > processors
                ? Finding.warning(
                        "processors",
                        "%s, but libtorch starts a thread for each of %d".formatted(found, allowed),
                        "set OMP_NUM_THREADS=%d".formatted(processors))
                : Finding.ok("processors", found);
    }

    static Finding waiting(@Nullable String policy) {
        String found = "OMP_WAIT_POLICY " + (policy == null ? "not set" : "=" + policy);
        return "PASSIVE".equalsIgnoreCase(policy)
                ? Finding.ok("threads", "sleep while they wait (OMP_WAIT_POLICY=PASSIVE)")
                : Finding.warning("threads", found, "beside other work set it to PASSIVE, as the launcher does");
    }
}
