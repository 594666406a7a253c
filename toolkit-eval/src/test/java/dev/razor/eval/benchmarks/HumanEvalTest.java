package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.sandbox.PythonTest;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanEvalTest {

    private static final Problem PROBLEM =
            new Problem("T/0", "def one():\n", "one", "def check(candidate):\n    assert candidate() == 1\n");
    private static final String LINE =
            "{\"task_id\": \"%s\", \"prompt\": \"p\", \"entry_point\": \"%s\", \"test\": \"t\"}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void pythonTest_isTheHarnesssProgramInTwoHalves() {
        assertThat(PROBLEM.pythonTest("    return 1"))
                .isEqualTo(new PythonTest(
                        "def one():\n    return 1\n\n",
                        "one",
                        "def one():\n",
                        "def check(candidate):\n    assert candidate() == 1\n\ncheck(one)"));
    }

    @Test
    void completionVariant_promptIsTheProblemsOwn() {
        assertThat(HumanEval.COMPLETION.promptText(PROBLEM)).isEqualTo("def one():\n");
        assertThat(HumanEval.COMPLETION.answerPrefix(PROBLEM)).isEmpty();
        assertThat(HumanEval.COMPLETION.completion("  a```b")).isEqualTo("  a```b");
    }

    @Test
    void instructVariant_asksAndBeginsTheAnswer() {
        assertThat(HumanEval.INSTRUCT.promptText(PROBLEM)).isEqualTo("""
                        Write a solution to the following problem and make sure that it passes the tests:
                        ```python
                        def one():

                        ```
                        """);
        assertThat(HumanEval.INSTRUCT.answerPrefix(PROBLEM))
                .isEqualTo("Here is the completed function:\n```python\ndef one():\n\n");
    }

    @Test
    void instructVariant_takesWhatStandsBeforeTheFirstFence() {
        assertThat(HumanEval.INSTRUCT.completion("    return 1\n```\nThis ```x``` ..."))
                .isEqualTo("    return 1\n");
        assertThat(HumanEval.INSTRUCT.completion("    return 1")).isEqualTo("    return 1");
        assertThat(HumanEval.INSTRUCT.completion("```")).isEmpty();
    }

    @Test
    void named_knowsBoth() {
        assertThat(HumanEval.require("humaneval")).isEqualTo(HumanEval.COMPLETION);
        assertThat(HumanEval.require("humaneval_instruct")).isEqualTo(HumanEval.INSTRUCT);
        assertThat(HumanEval.named("mmlu")).isEmpty();
        assertThatThrownBy(() -> HumanEval.require("mmlu"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "tasks: only humaneval, humaneval_instruct, humaneval_64, humaneval_64_instruct run code, got mmlu; take one of them");
    }

    @Test
    void problems_areReadFromParquet() throws Exception {
        Path file = folder.resolve("test-00000-of-00001.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute(
                    "copy (select 'T/0' task_id, 'p' prompt, 's' canonical_solution, 't' test, 'f' entry_point)"
                            + " to '" + file + "' (format parquet)");
        }

        assertThat(HumanEval.problems(file)).containsExactly(new Problem("T/0", "p", "f", "t"));
    }

    @Test
    void problems_thatStandTwiceOrHaveNoFunction_areRefused() throws IOException {
        Path file = folder.resolve("HumanEval.jsonl");
        Files.writeString(file, LINE.formatted("T/0", "f") + LINE.formatted("T/0", "f") + LINE.formatted("T/1", "f()"));

        assertThatThrownBy(() -> HumanEval.problems(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ":2: task_id: must be there once, got T/0 again; remove one")
                .hasMessageContaining(file + ":3: entry_point: must be the name of a function, got 'f()'; correct it");
    }
}
