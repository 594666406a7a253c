package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.plan.ByteText;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.train.TrainingArguments;
import dev.razor.study.run.StudyConfig.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The disk and the memory that a study will need, by arithmetic.
///
/// @param sizes what is known of a run's size
record StudyRoom(
        StudyConfig study, StudyPlaces places, StudyInputs inputs, Function<PlannedRun, Optional<RunSize>> sizes) {

    /// Checkpoints that hold a training state: the newest two.
    private static final int STATES = 2;

    /// A run's needs.
    private record Needs(PlannedRun run, long disk, MemoryPlan memory) {}

    /// Lines for people; none where the base is not there.
    List<String> notes() {
        DeviceMemory memory = DeviceMemory.of(study.device());
        List<Needs> all = new ArrayList<>();
        for (PlannedRun run : inputs.runs()) {
            try {
                MemoryPlan plan = run.memory(
                        memory, sizes.apply(run).map(RunSize::longestPrompt).orElse(PlannedRun.PROMPT));
                all.add(new Needs(run, disk(run, plan), plan));
            } catch (UserException _) {
                // the base is not there yet, which is said as missing
            }
        }
        List<String> notes = new ArrayList<>();
        if (all.isEmpty()) {
            return notes;
        }
        long disk = study.keepModels() == Kept.ALL
                ? all.stream().mapToLong(Needs::disk).sum()
                : all.stream().mapToLong(Needs::disk).max().orElseThrow();
        notes.add("disk: %s of models (keep_models: %s), %s free"
                .formatted(
                        ByteText.of(disk),
                        study.keepModels() == Kept.ALL ? "all" : "none; those of one run at a time, and teachers",
                        free()));
        Needs largest = all.stream()
                .max((a, b) -> Long.compare(a.memory().total(), b.memory().total()))
                .orElseThrow();
        String fits = memory.bytes().isEmpty()
                ? "unknown free (%s)".formatted(memory.source())
                : "%s free on %s: %s"
                        .formatted(
                                ByteText.of(memory.bytes().getAsLong()),
                                memory.device(),
                                largest.memory().total() <= memory.bytes().getAsLong() ? "fits" : "does not fit");
        notes.add("memory: about %s for one run (%s), each of --jobs as much; %s"
                .formatted(ByteText.of(largest.memory().total()), largest.run().name(), fits));
        return notes;
    }

    /// Weights of the checkpoints and the last model; of the newest two also what the run needs to go on: the
    /// weights in float32 and two moments.
    private long disk(PlannedRun run, MemoryPlan plan) {
        TrainingArguments arguments = run.arguments();
        long weights = plan.trainedParameters() * plan.settings().dtype().bytes();
        long checkpoints =
                sizes.apply(run).map(size -> size.checkpoints(arguments)).orElse(0L);
        long state =
                plan.trainedParameters() * (4 + 2L * plan.settings().moments().bytes());
        return (checkpoints + 1) * weights + Math.min(STATES, checkpoints) * state;
    }

    private String free() {
        for (var path = places.output().toAbsolutePath(); path != null; path = path.getParent()) {
            if (path.toFile().exists()) {
                return ByteText.of(path.toFile().getUsableSpace());
            }
        }
        return "unknown";
    }
}
