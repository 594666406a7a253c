package dev.razor.cli.doctor;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.lock.ModelsLock;
import dev.razor.core.plan.ByteText;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.study.paritymnist.ParityStudy;
import dev.razor.study.run.PlannedRun;
import dev.razor.study.run.StudyConfig;
import dev.razor.study.run.StudyRun;
import dev.razor.study.work.Experiment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether the runs of a study fit into the memory of the device, by [MemoryPlan] from the shape of its base;
/// nothing is loaded.
final class StudyFinding {

    private StudyFinding() {}

    /// @param memory of the device that a run would take
    /// @param lack what a study that does not fit is
    static Finding of(Path file, DeviceMemory memory, Status lack, ModelShapes shapes) {
        String what = "study " + name(file);
        try {
            if (Experiment.of(file) == Experiment.PARITYMNIST) {
                ParityStudy.of(file, List.of()); // can it be read?
                return Finding.ok(what, "a network of half a million weights, on the processor");
            }
            String base =
                    ConfigLoader.load(file, List.of(), StudyConfig.class).base().toString();
            Optional<Path> shape = shapes.find(file, base);
            if (shape.isEmpty() && !isLocked(base)) {
                return Finding.of(
                        what,
                        lack,
                        "base: %s is no model here, and no name in models.lock".formatted(base),
                        "correct it; razor models list shows the names");
            }
            if (shape.isEmpty()) {
                return Finding.warning(
                        what,
                        "whether it fits is unknown: the shape of %s is not here".formatted(base),
                        "razor models fetch " + base);
            }
            List<String> resolved = List.of("base=" + shape.get().toAbsolutePath());
            StudyConfig study = ConfigLoader.load(file, resolved, StudyConfig.class);
            return fits(what, lack, memory, new StudyRun(study, file).runs());
        } catch (UserException e) {
            return Finding.of(what, lack, e.problems().getFirst(), "give a file that razor run --dry-run accepts");
        }
    }

    private static boolean isLocked(String name) {
        return ModelsLock.installed()
                .filter(file -> ModelsLock.read(file).find(name).isPresent())
                .isPresent();
    }

    private static Finding fits(String what, Status lack, DeviceMemory memory, List<PlannedRun> runs) {
        Map<String, Long> needs = new LinkedHashMap<>(); // method to bytes of its largest run
        ConfigException misfit = null;
        for (PlannedRun run : runs) {
            MemoryPlan plan = run.memory(memory, PlannedRun.PROMPT);
            needs.merge(run.method(), plan.total(), Math::max);
            try {
                plan.requireFits(memory);
            } catch (ConfigException e) {
                misfit = misfit == null ? e : misfit;
            }
        }
        List<String> parts = new ArrayList<>();
        needs.forEach((method, bytes) -> parts.add(method + " " + ByteText.of(bytes)));
        String free = memory.bytes().isPresent()
                ? "%s free".formatted(ByteText.of(memory.bytes().getAsLong()))
                : "free memory unknown";
        String found = "%d runs, %s; %s has %s".formatted(runs.size(), String.join(", ", parts), memory.device(), free);
        if (misfit == null) {
            return Finding.ok(what, found);
        }
        String problem = misfit.problems().getFirst();
        return new Finding(what, lack, found, problem.substring(problem.indexOf("; ") + 2));
    }

    /// The folder's name, and the file's where it is not `study.yaml`.
    private static String name(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        String name = String.valueOf(absolute.getFileName()).replaceFirst("\\.ya?ml$", "");
        Path folder = absolute.getParent() == null ? null : absolute.getParent().getFileName();
        return folder == null ? name : name.equals("study") ? folder.toString() : folder + "/" + name;
    }
}
