package dev.razor.study.run;

import dev.razor.core.train.KlBudget;
import dev.razor.core.train.SampleTable;
import dev.razor.core.train.TrainingOutput;
import dev.razor.sft.SftConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a study reads besides its file and its base model.
///
/// @param data the study's data folder
record StudyInputs(StudyConfig study, Path data, List<PlannedRun> runs) {

    /// The files of task, runs and benchmarks.
    List<Path> dataFiles() {
        List<Path> files = new ArrayList<>(List.of(
                data.resolve(study.task().test()), data.resolve(study.task().klPrompts())));
        for (PlannedRun run : runs) {
            files.addAll(
                    switch (run.trainer()) {
                        case PlannedRun.Trainer.Sft(var config) -> dataFiles(config);
                        case PlannedRun.Trainer.Grpo(var config) ->
                            files(List.of(config.data()), config.klBudget(), config.samples());
                        case PlannedRun.Trainer.SimPo(var config) ->
                            files(config.data(), config.klBudget(), config.samples());
                    });
        }
        for (@Nullable
        Path file : Arrays.asList(study.meters().fisher(), study.meters().activations())) {
            if (file != null) {
                files.add(data.resolve(file));
            }
        }
        files.addAll(benchmarkFiles());
        return files.stream().distinct().toList();
    }

    private static List<Path> dataFiles(SftConfig config) {
        List<Path> files = new ArrayList<>(config.data());
        Path evalData = config.evalData();
        if (evalData != null) {
            files.add(evalData);
        }
        return files(files, config.klBudget(), config.samples());
    }

    /// A run's data and the prompts that it is watched on.
    private static List<Path> files(List<Path> data, KlBudget budget, SampleTable samples) {
        List<Path> files = new ArrayList<>(data);
        Path klPrompts = budget.klPrompts();
        if (klPrompts != null) {
            files.add(klPrompts);
        }
        Path samplePrompts = samples.samplePrompts();
        if (samplePrompts != null) {
            files.add(samplePrompts);
        }
        return files;
    }

    /// The models that write labels, other than the base and the study's own runs.
    List<Path> teachers() {
        List<String> own = runs.stream()
                .map(run -> TrainingOutput.finalModel(run.directory()).toString())
                .toList();
        return runs.stream()
                .map(run -> run.trainer() instanceof PlannedRun.Trainer.Sft(var config)
                        ? config.labels().teacher()
                        : null)
                .filter(teacher -> teacher != null && !List.of("base", "self").contains(teacher))
                .filter(teacher -> !own.contains(teacher))
                .distinct()
                .map(Path::of)
                .toList();
    }

    /// The files below the benchmarks' folder that are named after one of the benchmarks, or lie in a folder
    /// that is
    /// (`truthfulqa` for `truthfulqa_mc1`).
    private List<Path> benchmarkFiles() {
        Path folder = data.resolve(study.benchmarks().folder()).normalize();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> names = study.benchmarks().tasks().stream()
                .map(task -> task.split("_", 2)[0])
                .toList();
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> names.stream()
                            .anyMatch(folder.relativize(file).getName(0).toString()::startsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
