package dev.razor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A study of three short runs on a handful of records.
final class SmallStudy {

    private SmallStudy() {}

    /// Writes it into `directory`; it runs to `directory/out`.
    ///
    /// @return the study file
    static Path write(Path directory, Path base) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        String answers = "\"answers\": [\"a\", \"b\"]";
        Files.write(
                data.resolve("train.jsonl"),
                List.of("{\"prompt\": \"one\", " + answers + "}", "{\"prompt\": \"two\", " + answers + "}"));
        Files.write(
                data.resolve("test.jsonl"),
                List.of("{\"prompt\": \"three\", " + answers + "}", "{\"prompt\": \"six\", " + answers + "}"));
        Files.write(data.resolve("kl.jsonl"), List.of("{\"prompt\": \"four\"}", "{\"prompt\": \"five\"}"));
        Files.write(
                data.resolve("labels.jsonl"),
                List.of(
                        "{\"prompt\": \"one\", \"completion\": \" a\"}",
                        "{\"prompt\": \"two\", \"completion\": \" b\"}"));
        Files.write(
                data.resolve("skill.jsonl"),
                List.of(
                        "{\"query\": \"The sky is\", \"choices\": [\"blue\", \"red\"], \"gold\": 0}",
                        "{\"query\": \"Snow is\", \"choices\": [\"black\", \"white\"], \"gold\": 1}"));
        Path study = directory.resolve("study.yaml");
        Files.writeString(study, """
                output: %s
                base: %s
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 3}
                methods:
                  - name: sft
                    trainer: sft
                    data: labels.jsonl
                    learning_rate: [1e-3, 3e-3]
                    max_steps: 4
                    save_steps: 2
                  - name: grpo
                    trainer: grpo
                    data: train.jsonl
                    learning_rate: 1e-3
                    max_steps: 2
                    num_generations: 4
                    save_steps: 1
                benchmarks: {tasks: [skill]}
                """.formatted(directory.resolve("out"), base));
        return study;
    }
}
