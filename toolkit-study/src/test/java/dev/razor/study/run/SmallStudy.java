package dev.razor.study.run;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Provenance;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Study;
import dev.razor.study.work.UnitState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A study of a tiny random model on a few made-up records, in a folder of its own.
record SmallStudy(Path folder) {

    /// The tokenizer of the tiny model has so many tokens.
    private static final int VOCABULARY = 784;

    static final String SFT = """
              - {name: sft, trainer: sft, data: labels.jsonl, learning_rate: [1e-3, 3e-3], max_steps: 2, save_steps: 1,
                 max_length: 99}
            """;

    static final String GRPO = """
              - {name: grpo, trainer: grpo, data: train.jsonl, learning_rate: 1e-3, max_steps: 1, num_generations: 4}
            """;

    /// Writes model, data and the study file.
    ///
    /// @param methods items of the file's list
    static SmallStudy write(Path folder, String methods) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        TinyModel.write(folder.resolve("base"), TinyModel.config(VOCABULARY, true), 1, Dtype.FLOAT32, 1L << 30);
        Files.writeString(data.resolve("train.jsonl"), """
                {"prompt": "one", "answers": ["a", "e"]}
                {"prompt": "two", "answers": ["a", "o"]}
                """);
        Files.writeString(data.resolve("test.jsonl"), "{\"prompt\": \"three\", \"answers\": [\"a\", \"b\"]}\n");
        Files.writeString(data.resolve("kl.jsonl"), "{\"prompt\": \"four\"}\n{\"prompt\": \"five\"}\n");
        Files.writeString(data.resolve("labels.jsonl"), """
                {"prompt": "one", "completion": " a"}
                {"prompt": "two", "completion": " b"}
                """);
        Files.writeString(data.resolve("skill.jsonl"), """
                {"query": "The sky is", "choices": ["blue", "red"], "gold": 0}
                {"query": "Snow is", "choices": ["black", "white"], "gold": 1}
                """);
        SmallStudy study = new SmallStudy(folder);
        study.methods(methods);
        return study;
    }

    /// Writes the study file anew.
    void methods(String methods) throws IOException {
        Files.writeString(file(), """
                base: base
                output: unused
                data: data
                device: cpu
                eval_batch_size: 4
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 3}
                benchmarks: {tasks: [skill]}
                methods:
                """ + methods);
    }

    Path file() {
        return folder.resolve("study.yaml");
    }

    Path data(String name) {
        return folder.resolve("data").resolve(name);
    }

    StudyRun open(Path output, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("output=" + output);
        return new StudyRun(ConfigLoader.load(file(), all, StudyConfig.class), file());
    }

    Study.Result run(Path output, String... settings) {
        return run(output, 1, _ -> true, settings);
    }

    Study.Result run(Path output, int jobs, Predicate<String> only, String... settings) {
        Provenance provenance = Provenance.capture("test", List.of(), Instant.EPOCH);
        return open(output, settings).run(new Study.Request(jobs, only, provenance, "razor run"), Progress.silent());
    }

    /// The state on disk of each row of the plan, as `name: state`.
    List<String> plan(Path output, String... settings) {
        Plan plan = open(output, settings).plan();
        return plan.rows().stream()
                .map(row -> row.name() + ": " + row.state().text())
                .toList();
    }

    /// How often a run was begun.
    static int attempts(Path output, String run) {
        return UnitState.read(output.resolve("state"), run).orElseThrow().attempts();
    }
}
