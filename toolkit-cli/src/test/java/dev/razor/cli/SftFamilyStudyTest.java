package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.reward.OneOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small study of the quick start's base in which models write the labels: the base, the model itself, a GRPO
/// run.
final class SftFamilyStudyTest {

    private static final Path QUICKSTART = Path.of(System.getProperty("razor.home"), "examples/quickstart");

    @TempDir
    private Path directory;

    @Test
    void run_trainsOnLabelsOfBaseSelfAndAnEarlierRun() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        for (String name : List.of("train", "test", "kl_prompts")) {
            List<String> lines = Files.readAllLines(QUICKSTART.resolve("data/task/" + name + ".jsonl"));
            Files.write(data.resolve(name + ".jsonl"), lines.subList(0, 12));
        }
        Files.copy(QUICKSTART.resolve("data/skills/facts.jsonl"), data.resolve("facts.jsonl"));
        Path study = directory.resolve("study.yaml");
        Files.writeString(study, """
                output: %s
                base: %s
                data: data
                task: {test: test.jsonl, kl_prompts: kl_prompts.jsonl, reward: one_of, max_completion_length: 4}
                methods:
                  - {name: rl, trainer: grpo, data: train.jsonl, learning_rate: 1e-4, max_steps: 1, num_generations: 4}
                  - name: sft
                    trainer: sft
                    data: train.jsonl
                    teacher: [base, self, "run:rl"]
                    learning_rate: 1e-4
                    num_train_epochs: 2
                    save_steps: 0
                benchmarks: {tasks: [facts], limit: 8}
                """.formatted(directory.resolve("out"), QUICKSTART.resolve("base")));
        CommandRun result = CommandRun.of("run", study);
        assertThat(result.err()).doesNotContain("error");
        assertThat(result.exit()).isZero();
        List<JsonRecord> prompts = Jsonl.read(data.resolve("train.jsonl"));
        for (String run : List.of("sft-teacher=base", "sft-teacher=self", "sft-teacher=run-rl")) {
            Path output = directory.resolve("out/runs").resolve(run);
            assertThat(output.resolve("final/model.safetensors")).exists();
            for (int epoch = 0; epoch < 2; epoch++) {
                List<JsonRecord> labels = Jsonl.read(output.resolve("labels/epoch-%d.jsonl".formatted(epoch)));
                assertThat(labels)
                        .hasSizeBetween(6, 12)
                        .allSatisfy(label -> assertThat(new OneOf()
                                        .score(prompts.get(label.integer("prompt_index")), label.text("text")))
                                .isEqualTo(1));
            }
        }
        assertThat(Files.readString(directory.resolve("out/points.csv")))
                .contains("sft-teacher=base,sft,", "sft-teacher=self,sft,", "sft-teacher=run-rl,sft,");
    }
}
