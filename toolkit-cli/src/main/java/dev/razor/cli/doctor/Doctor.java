package dev.razor.cli.doctor;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.plan.DeviceMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Looks at a machine. Nothing is changed; what needs libtorch runs in a process of its own.
///
/// @param home the installation, whose studies are looked at where none is given
/// @param studies study files that must fit
/// @param device `auto`, `cpu`, or `cuda` where a GPU must be usable
/// @param gentle whether the GPU's memory is left alone: for a look beside a running study
public record Doctor(Optional<Path> home, List<Path> studies, String device, boolean gentle) {

    /// Everything that was found, in the order it is printed.
    public List<Finding> examine() {
        LibtorchFinding libtorch = LibtorchFinding.ask(gentle || device.equals("cpu"));
        Optional<NvidiaSmi> driver = device.equals("cpu") ? Optional.empty() : NvidiaSmi.ask();
        List<Finding> findings = new ArrayList<>(JavaFindings.look());
        findings.add(libtorch.finding());
        if (!device.equals("cpu")) {
            findings.addAll(GpuFindings.of(driver, libtorch.answer(), device.equals("cuda"), gentle));
        }
        findings.addAll(MachineFindings.look());
        findings.addAll(DiskFindings.look());
        findings.add(SandboxFinding.look());
        DeviceMemory memory = memory(driver, libtorch.answer());
        findings.addAll(studies(memory));
        return findings;
    }

    /// A line a study; where none can be looked at, one that says why.
    private List<Finding> studies(DeviceMemory memory) {
        Status lack = studies.isEmpty() ? Status.WARNING : Status.FAILED;
        Optional<Finding> lock = LockFinding.look(lack);
        if (lock.isPresent()) {
            return List.of(lock.get());
        }
        Path cache;
        try {
            cache = ModelCache.at(null).directory();
        } catch (ConfigException e) {
            return List.of(Finding.of("studies", lack, e.problems().getFirst(), "set RAZOR_CACHE"));
        }
        ModelShapes shapes = new ModelShapes(
                cache, home.orElse(Path.of("")).resolve("examples").resolve("shapes"));
        return (studies.isEmpty() ? shipped() : studies)
                .stream()
                        .map(study -> StudyFinding.of(study, memory, lack, shapes))
                        .toList();
    }

    /// Of the first GPU where libtorch can use it (a gentle look takes the driver's word), else of the processor.
    private DeviceMemory memory(Optional<NvidiaSmi> driver, LibtorchProbe.Answer libtorch) {
        boolean usable = libtorch.cuda() && (gentle || libtorch.devices() > 0);
        return driver.filter(_ -> usable)
                .map(found -> found.gpus().getFirst())
                .map(gpu -> new DeviceMemory(
                        "cuda:0",
                        gpu.freeBytes() > 0 ? OptionalLong.of(gpu.freeBytes()) : OptionalLong.empty(),
                        "nvidia-smi"))
                .orElseGet(() -> DeviceMemory.of("cpu"));
    }

    /// The quick start's and the ready studies' files.
    private List<Path> shipped() {
        List<Path> files = new ArrayList<>();
        if (home.isPresent()) {
            Path quickstart = home.get().resolve("examples/quickstart/study.yaml");
            if (Files.exists(quickstart)) {
                files.add(quickstart);
            }
            try (Stream<Path> found = Files.walk(home.get().resolve("studies"), 2)) {
                found.filter(file -> file.toString().endsWith(".yaml"))
                        .filter(Doctor::isStudy)
                        .sorted()
                        .forEach(files::add);
            } catch (IOException _) {
                return files; // an installation without ready studies
            }
        }
        return files;
    }

    /// Beside the studies lie the files of other commands that prepare them.
    private static boolean isStudy(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.startsWith("methods:"));
        } catch (IOException _) {
            return false;
        }
    }
}
