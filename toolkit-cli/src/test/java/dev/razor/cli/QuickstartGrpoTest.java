package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example as the README runs it: the quick start's base learns its task from its own samples.
final class QuickstartGrpoTest {

    private static final Path EXAMPLES = Path.of(System.getProperty("razor.home"), "examples");
    private static final Path BASE = EXAMPLES.resolve("quickstart/base");
    private static final Path DATA = EXAMPLES.resolve("quickstart/data/task");

    @TempDir
    private Path directory;

    @Test
    void example_reachesNineteenRightAnswersInTwenty() {
        Path output = directory.resolve("run");
        CommandRun result = CommandRun.of(
                "grpo",
                EXAMPLES.resolve("grpo.yaml"),
                "--set",
                "model=" + BASE,
                "--set",
                "data=" + DATA.resolve("train.jsonl"),
                "--set",
                "output=" + output);
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(accuracy(BASE, "base")).isLessThan(0.9);
        assertThat(accuracy(output.resolve("final"), "trained")).isGreaterThanOrEqualTo(0.95);
    }

    /// The share of held-out prompts that greedy decoding answers rightly.
    private double accuracy(Path model, String name) {
        Path written = directory.resolve(name + ".jsonl");
        CommandRun result = CommandRun.of(
                "generate",
                model,
                "--input",
                DATA.resolve("test.jsonl"),
                "--output",
                written,
                "--max-new-tokens",
                "4",
                "--temperature",
                "0");
        assertThat(result.exit()).as(result.err()).isZero();
        List<JsonRecord> test = Jsonl.read(DATA.resolve("test.jsonl"));
        List<JsonRecord> answers = Jsonl.read(written);
        int right = 0;
        for (int i = 0; i < test.size(); i++) {
            right += test.get(i)
                            .texts("answers")
                            .contains(answers.get(i).text("text").strip())
                    ? 1
                    : 0;
        }
        return (double) right / test.size();
    }
}
