package dev.razor.cli.doctor;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.cli.doctor.NvidiaSmi.Gpu;
import dev.razor.core.plan.ByteText;
import dev.razor.core.tensor.LibtorchCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether libtorch can use the GPUs that the driver has.
///
/// @see <a href="https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/">the table of drivers in CUDA's
/// notes</a>
final class GpuFindings {

    /// The oldest driver that runs programs of CUDA 12.x, and the one that CUDA 12.8 came with.
    private static final String OLDEST_DRIVER = "525.60.13";

    private static final String DRIVER = "570.26";

    /// The oldest compute capability that libtorch's kernels for CUDA 12.8 are compiled for; the oldest that
    /// computes in bfloat16 itself.
    private static final String OLDEST_CAPABILITY = "7.5";

    private static final String BFLOAT16_CAPABILITY = "8.0";

    private GpuFindings() {}

    /// @param driver what it said; empty where there is none
    /// @param libtorch what the probe said
    /// @param needed whether a GPU was asked for: what keeps it from use is then a failure
    /// @param gentle whether the probe left the GPUs alone
    static List<Finding> of(Optional<NvidiaSmi> driver, LibtorchProbe.Answer libtorch, boolean needed, boolean gentle) {
        Status lack = needed ? Status.FAILED : Status.WARNING;
        if (driver.isEmpty()) {
            return List.of(new Finding(
                    "GPU",
                    lack,
                    "no NVIDIA driver answers (nvidia-smi)",
                    "small models train on the processor; for others install the driver, in a container give it the GPU"
                            + " (docs/gpu-box.md)"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(driver(driver.get().driver(), lack));
        driver.get().gpus().forEach(gpu -> findings.add(gpu(gpu, lack)));
        findings.add(usable(driver.get(), libtorch, lack, gentle));
        return findings;
    }

    private static Finding driver(String version, Status lack) {
        if (!Versions.atLeast(version, OLDEST_DRIVER)) {
            return new Finding(
                    "driver",
                    lack,
                    "%s, too old for CUDA %s".formatted(version, LibtorchCheck.CUDA),
                    "install driver %s or later".formatted(DRIVER));
        }
        return Versions.atLeast(version, DRIVER)
                ? Finding.ok("driver", "%s, for libtorch's CUDA %s".formatted(version, LibtorchCheck.CUDA))
                : Finding.warning(
                        "driver",
                        "%s, older than CUDA %s's own".formatted(version, LibtorchCheck.CUDA),
                        "it runs by CUDA's minor version compatibility; if an operator fails, install %s or later"
                                .formatted(DRIVER));
    }

    private static Finding gpu(Gpu gpu, Status lack) {
        String what = "GPU " + gpu.index();
        String memory = gpu.totalBytes() == 0
                ? "the driver does not say its memory"
                : "%s free of %s".formatted(ByteText.of(gpu.freeBytes()), ByteText.of(gpu.totalBytes()));
        String found = "%s, compute capability %s, %s".formatted(gpu.name(), gpu.capability(), memory);
        if (!Versions.atLeast(gpu.capability(), OLDEST_CAPABILITY)) {
            return new Finding(what, lack, found, "libtorch has no kernels for it: take one of 7.5 (Turing) or later");
        }
        if (gpu.freeBytes() < gpu.totalBytes() / 2) {
            return Finding.warning(what, found, "another program holds its memory: nvidia-smi names it");
        }
        return Versions.atLeast(gpu.capability(), BFLOAT16_CAPABILITY)
                ? Finding.ok(what, found)
                : Finding.warning(what, found, "it has no bfloat16 of its own: set dtype: float32");
    }

    private static Finding usable(NvidiaSmi driver, LibtorchProbe.Answer libtorch, Status lack, boolean gentle) {
        String what = "CUDA";
        int gpus = driver.gpus().size();
        if (!libtorch.cuda()) {
            return new Finding(
                    what,
                    lack,
                    "libtorch is a build without CUDA, so the GPU is not used",
                    "take the image, or point PYTORCH_LIBRARY_PATH at libtorch 2.7.1+cu128 (docs/gpu-box.md)");
        }
        if (gentle) {
            return Finding.ok(what, "not tried (--gentle)");
        }
        if (libtorch.devices() < gpus) {
            return new Finding(
                    what,
                    lack,
                    "libtorch sees %d of %d GPUs".formatted(libtorch.devices(), gpus),
                    "look at CUDA_VISIBLE_DEVICES, and whether libcudart.so is found (jna.library.path; docs/gpu-box.md)");
        }
        return libtorch.problem().isEmpty()
                ? Finding.ok(what, "libtorch computes on %d of %d GPUs".formatted(gpus, gpus))
                : new Finding(what, lack, libtorch.problem(), "see the line on libtorch");
    }
}
