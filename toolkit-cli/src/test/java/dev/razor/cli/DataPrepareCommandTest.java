package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataPrepareCommandTest {

    @TempDir
    private Path folder;

    private Path source() throws IOException {
        return new CommandFiles(folder)
                .write(
                        "source.jsonl",
                        IntStream.range(0, 20)
                                .mapToObj(i -> "{\"problem\": \"%d + 1?\", \"answer\": \"%d\"}".formatted(i, i + 1))
                                .toArray(String[]::new));
    }

    @Test
    void prepare_writesTheParts_andSaysHowMany() throws IOException {
        Path output = folder.resolve("math");
        CommandRun run = CommandRun.of("data", "prepare", "math", "--input", source(), "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "wrote %s, 15 prompts".formatted(output.resolve("train.jsonl")),
                        "wrote %s, 1 prompts".formatted(output.resolve("validation.jsonl")),
                        "wrote %s, 4 prompts".formatted(output.resolve("test.jsonl")));
        assertThat(output.resolve("manifest.json")).exists();
        CommandRun again = CommandRun.of("data", "prepare", "math", "--input", source(), "--output", output);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.problem())
                .isEqualTo("error: output: %s exists; choose another name, or move it away".formatted(output));
    }

    @Test
    void prepare_takesItsOptions() throws IOException {
        Path output = folder.resolve("math");
        Path test = new CommandFiles(folder).write("test.jsonl", "{\"problem\": \"3 + 1?\", \"answer\": \"4\"}");
        CommandRun run = CommandRun.of(
                "data",
                "prepare",
                "math",
                "--input",
                source(),
                "--test",
                test,
                "--output",
                output,
                "--seed",
                7,
                "--limit",
                9);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "wrote %s, 9 prompts".formatted(output.resolve("train.jsonl")),
                        "wrote %s, 1 prompts".formatted(output.resolve("test.jsonl")));
        assertThat(run.err()).contains("left out 1: of a group that is tested");
    }

    @Test
    void prepare_refusesSharesThatAreNone_inOneLine() throws IOException {
        Path source = source();
        Path output = folder.resolve("x");
        check("--split: expected three shares such as 0.75,0.05,0.20, got 0.5,0.5", source, output, "0.5,0.5");
        check(
                "--split: the shares must add up to 1, got 0.5 + 0.2 + 0.2; write shares such as 0.75,0.05,0.20",
                source,
                output,
                "0.5,0.2,0.2");
        CommandRun run = CommandRun.of(
                "data",
                "prepare",
                "math",
                "--input",
                source,
                "--test",
                source,
                "--output",
                output,
                "--split",
                "0.5,0,0.5");
        assertThat(run.problem())
                .isEqualTo(
                        "error: --split: the share of the test is 0.5, but --test gives the test; write 0 for it, such as 0.95,0.05,0");
        assertThat(CommandRun.of("data", "prepare", "poems", "--input", source, "--output", output)
                        .exit())
                .isEqualTo(2);
        assertThat(output).doesNotExist();
    }

    private static void check(String problem, Path source, Path output, String split) {
        CommandRun run =
                CommandRun.of("data", "prepare", "math", "--input", source, "--output", output, "--split", split);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.problem()).isEqualTo("error: " + problem);
    }

    /// What is prepared is a prompt to every command that reads prompts.
    @Test
    @Tag("data")
    void prepare_ofTheTasks_givesPromptsThatAModelReads() {
        String[][] tasks = {
            {"science", "train/sciknoweval/chemistry_L3"},
            {"tooluse", "train/toolalpaca"},
            {"math", "train/open-reasoner-zero"}
        };
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"))) {
            for (String[] task : tasks) {
                Path output = folder.resolve(task[0]);
                CommandRun run = CommandRun.of(
                        "data",
                        "prepare",
                        task[0],
                        "--input",
                        SharedData.at(task[1]),
                        "--output",
                        output,
                        "--limit",
                        40);
                assertThat(run.exit()).as(run.err()).isZero();
                for (JsonRecord record : Jsonl.read(output.resolve("train.jsonl"))) {
                    assertThat(PromptIds.conversation(record, model.tokenizer()))
                            .startsWith("<|im_start|>system\n")
                            .endsWith("<|im_start|>assistant\n")
                            .contains(record.node()
                                    .path("prompt")
                                    .path(0)
                                    .path("content")
                                    .asString()
                                    .strip());
                }
            }
        } catch (DataException e) {
            throw new AssertionError(e);
        }
    }
}
