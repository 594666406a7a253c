package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelCommandTest {

    @TempDir
    private Path folder;

    private Path config(String... lines) throws IOException {
        CommandFiles files = new CommandFiles(folder);
        Path data = files.write("prompts.jsonl", "{\"prompt\": \"Once\"}", "{\"prompt\": \"Twice\"}");
        return files.write(
                "label.yaml",
                "data: " + data,
                "output: " + folder.resolve("labels.jsonl"),
                "device: cpu",
                String.join("\n", lines));
    }

    @Test
    void label_writesTheLabels_andSaysWhatBecameOfTheSamples() throws IOException {
        Path model = folder.resolve("teacher");
        TinyModel.write(model, TinyModel.config(784, false), 5, Dtype.FLOAT32, Long.MAX_VALUE);
        String stops = Arrays.toString(IntStream.range(300, 784).toArray());
        Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": %s}".formatted(stops));
        Path config = config("model: " + model, "max_completion_length: 8");
        CommandRun run = CommandRun.of("label", config);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("wrote %s\n".formatted(folder.resolve("labels.jsonl")));
        assertThat(run.err()).contains("labels for 2 of 2 prompts, 0 left out; ");
        assertThat(CommandFiles.lines(folder.resolve("labels.jsonl"))).hasSize(2);

        CommandRun again = CommandRun.of("label", config);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.problem())
                .isEqualTo("error: output: %s exists; choose another name, or move it away"
                        .formatted(folder.resolve("labels.jsonl")));
        assertThat(CommandRun.of("label", config, "--resume").exit()).isZero();
    }

    @Test
    void dryRun_printsEveryKey_andWritesNothing() throws IOException {
        CommandRun run = CommandRun.of("label", config("model: some/teacher"), "--set", "temperature=0.7", "--dry-run");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("model: \"some/teacher\"", "temperature: 0.7", "max_samples: 16");
        assertThat(new CommandFiles(folder).names()).containsExactly("label.yaml", "prompts.jsonl");
    }

    @Test
    void mistakes_areOneLineEach() throws IOException {
        CommandRun none = CommandRun.of("label", config("model: " + folder.resolve("none")));
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.problem())
                .isEqualTo("error: %s: holds no config.json; give a Hugging Face model directory"
                        .formatted(folder.resolve("none")));
        CommandRun unknown = CommandRun.of("label", config("model: x", "temperatur: 1"));
        assertThat(unknown.problem())
                .isEqualTo("error: %s: temperatur: unknown key; did you mean temperature?"
                        .formatted(folder.resolve("label.yaml")));
        assertThat(new CommandFiles(folder).names()).containsExactly("label.yaml", "prompts.jsonl");
    }
}
