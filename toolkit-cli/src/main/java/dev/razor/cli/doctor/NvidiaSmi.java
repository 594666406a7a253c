package dev.razor.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What NVIDIA's driver says of itself and of its GPUs.
///
/// @param driver its version, such as `570.86.15`
record NvidiaSmi(String driver, List<Gpu> gpus) {

    private static final int SECONDS = 20;

    /// One GPU.
    ///
    /// @param capability the compute capability, such as `9.0`
    /// @param totalBytes memory; 0 where the driver does not say
    /// @param freeBytes of it free; 0 where the driver does not say
    record Gpu(int index, String name, String capability, long totalBytes, long freeBytes) {}

    /// Asks the driver; empty where there is none.
    static Optional<NvidiaSmi> ask() {
        Programs.Outcome outcome = Programs.ask(
                List.of(
                        "nvidia-smi",
                        "--query-gpu=index,name,driver_version,compute_cap,memory.total,memory.free",
                        "--format=csv,noheader,nounits"),
                Map.of(),
                SECONDS);
        return outcome instanceof Programs.Answer(int exit, String out, String _) && exit == 0
                ? parse(out)
                : Optional.empty();
    }

    /// The lines of `nvidia-smi`, one a GPU, of six values with commas between.
    static Optional<NvidiaSmi> parse(String out) {
        String driver = "";
        List<Gpu> gpus = new ArrayList<>();
        for (String line : out.lines().toList()) {
            String[] values = line.split("\\s*,\\s*", -1);
            if (values.length == 6 && values[0].matches("\\d+")) {
                driver = values[2];
                gpus.add(new Gpu(
                        Integer.parseInt(values[0]), values[1], values[3], mebibytes(values[4]), mebibytes(values[5])));
            }
        }
        return gpus.isEmpty() ? Optional.empty() : Optional.of(new NvidiaSmi(driver, List.copyOf(gpus)));
    }

    private static long mebibytes(String value) {
        return value.matches("\\d{1,9}") ? Long.parseLong(value) << 20 : 0; // [N/A], [Not Supported]
    }
}
