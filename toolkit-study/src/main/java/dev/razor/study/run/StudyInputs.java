package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.data.FilePattern;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.sandbox.Sandbox;
import dev.razor.core.train.KlBudget;
import dev.razor.core.train.SampleTable;
import dev.razor.core.train.TrainingOutput;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.benchmarks.FilesRead;
import dev.razor.eval.benchmarks.GenerativeBenchmarks;
import dev.razor.eval.benchmarks.HumanEval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which files a study reads beside its own file and its base model.
record StudyInputs(StudyConfig study, StudyPlaces places, List<PlannedRun> runs) {

    /// The files that every measurement reads, beside the benchmarks'.
    List<Path> measured() {
        Path data = places.data();
        List<Path> files = new ArrayList<>(List.of(
                data.resolve(study.task().test()), data.resolve(study.task().klPrompts())));
        for (@Nullable
        Path file : Arrays.asList(
                study.meters().fisher(),
                study.meters().activations(),
                study.meters().representations())) {
            if (file != null) {
                files.add(data.resolve(file));
            }
        }
        files.addAll(study.task().rewards().files());
        return files;
    }

    /// The files that the training of `run` reads.
    ///
    /// @throws dev.razor.core.base.DataException if no file matches a pattern
    List<Path> trained(PlannedRun run) {
        List<Path> files = new ArrayList<>();
        switch (run.trainer()) {
            case PlannedRun.Trainer.Sft(var config) -> {
                config.data().forEach(entry -> files.addAll(FilePattern.files("data", entry)));
                addIfGiven(config.evalData(), files);
                String reward = config.labels().reward();
                if (reward != null) {
                    files.addAll(RewardArguments.of(reward).files());
                }
                addWatched(config.klBudget(), config.samples(), files);
            }
            case PlannedRun.Trainer.Grpo(var config) -> {
                files.add(config.data());
                files.addAll(config.rewards().files());
                addWatched(config.klBudget(), config.samples(), files);
            }
            case PlannedRun.Trainer.SimPo(var config) -> {
                config.data().forEach(entry -> files.addAll(FilePattern.files("data", entry)));
                addWatched(config.klBudget(), config.samples(), files);
            }
        }
        return files;
    }

    private static void addWatched(KlBudget budget, SampleTable samples, List<Path> files) {
        addIfGiven(budget.klPrompts(), files);
        addIfGiven(samples.samplePrompts(), files);
    }

    private static void addIfGiven(@Nullable Path file, List<Path> files) {
        if (file != null) {
            files.add(file);
        }
    }

    /// The run of this study whose final model writes the labels of `run`.
    Optional<PlannedRun> teacherRun(PlannedRun run) {
        String teacher = teacher(run);
        return teacher == null
                ? Optional.empty()
                : runs.stream()
                        .filter(other -> TrainingOutput.finalModel(other.directory())
                                .toString()
                                .equals(teacher))
                        .findFirst();
    }

    /// The model that writes the labels of `run`, where it is neither the base nor the model itself.
    static @Nullable String teacher(PlannedRun run) {
        String teacher = run.trainer() instanceof PlannedRun.Trainer.Sft(var config)
                ? config.labels().teacher()
                : null;
        return teacher == null || teacher.equals("base") || teacher.equals("self") ? null : teacher;
    }

    /// The benchmarks whose questions are not there, a line each.
    List<String> missingBenchmarks() {
        List<String> missing = new ArrayList<>();
        for (String task : study.benchmarks().tasks()) {
            try {
                var _ = PriorSkill.open(task, study, places.benchmarks());
            } catch (UserException e) {
                e.problems().forEach(problem -> missing.add("benchmarks: " + problem));
            }
        }
        return missing;
    }

    /// What can be told of benchmarks whose questions are still to be fetched: that there is no such benchmark,
    /// or no sandbox for the programs that it asks for.
    List<String> unknownBenchmarks() {
        List<String> problems = new ArrayList<>();
        List<String> sets = study.benchmarks().datasets();
        for (String task : study.benchmarks().tasks()) {
            boolean known = sets.contains(task)
                    || Benchmarks.ALL.stream().anyMatch(one -> one.name().equals(task))
                    || GenerativeBenchmarks.named(task).isPresent();
            if (!known) {
                problems.add(
                        "benchmarks: tasks: no benchmark and none of datasets %s is called %s; razor eval --help names them"
                                .formatted(sets, task));
            } else if (HumanEval.named(task).isPresent()) {
                try {
                    var _ = Sandbox.find();
                } catch (UserException e) {
                    e.problems().forEach(problem -> problems.add("benchmarks: " + problem));
                }
            }
        }
        return problems;
    }

    /// The files that the benchmarks' questions are read from; of those that can be read.
    List<Path> benchmarkFiles() {
        SortedSet<Path> files = new TreeSet<>();
        for (String task : study.benchmarks().tasks()) {
            files.addAll(FilesRead.by(() -> {
                try {
                    var _ = PriorSkill.open(task, study, places.benchmarks());
                } catch (UserException _) {
                    // told by missingBenchmarks
                }
            }));
        }
        return List.copyOf(files);
    }
}
