package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.run.Sha256;
import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinervaMath500Test {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeRecord() throws IOException {
        Files.writeString(
                folder.resolve("test.jsonl"),
                "{\"problem\": \"One half?\", \"solution\": \"It is $\\\\boxed{\\\\frac12}$.\", \"answer\": \"\"}\n");
    }

    /// What the definition's own code gives.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "\\frac12|\\frac{1}{2}",
                "\\frac1{72}|\\frac{1}{{}72}",
                "\\sqrt3+\\sqrt{5}|\\sqrt{3}+\\sqrt{5}",
                "x = 100,000|100000",
                "1,2|12",
                "the $5$ apples|5",
                "\\text{Evelyn}|Evelyn",
                "\\textbf{(A)}|(A)",
                "5\\text{ cm}|5",
                "90^\\circ|90",
                "10\\%|10\\%",
                "12\\text{ dollars and }5|12and5",
                "\\$5.$|5",
                "\\boxed{\\boxed{1}}|\\boxed{1}",
                "|"
            })
    void normalised_asTheDefinitionSays(String answer, String expected) {
        assertThat(MinervaAnswers.normalised(answer == null ? "" : answer)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void found_isTheFirstFinalAnswer() {
        assertThat(MinervaAnswers.found("Final Answer: The final answer is $5$. I hope it is correct.\nProblem"))
                .isEqualTo("$5$");
        // The end of the sentence may be missing.
        assertThat(MinervaAnswers.found("Final Answer: The final answer is $5$. "))
                .isEqualTo("$5$");
        assertThat(MinervaAnswers.found("Final Answer: The final answer is\n5. I hope it is correct."))
                .isEqualTo(MinervaAnswers.INVALID);
        assertThat(MinervaAnswers.found("It is 5.")).isEqualTo("[invalidanswer]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Final Answer: The final answer is $0.5$. I hope it is correct. | 1 | 1",
                "Final Answer: The final answer is $\\frac{2}{4}$. I hope it is correct. | 1 | 1",
                "Final Answer: The final answer is $\\frac{2}{5}$. I hope it is correct. | 0 | 0",
                "So $x = \\boxed{0.5}$. | 0 | 1",
                "It is 1/2 | 0 | 1",
                "Of 3 it is $\\frac{1}{2}$. | 0 | 1",
                "I do not know. | 0 | 0"
            })
    void marks_byValue(String response, double exactMatch, double mathVerify) {
        GenerativeDocument document = new MinervaMath500().load(folder, 0).getFirst();
        assertThat(document.grader().grade(response))
                .containsEntry("exact_match", List.of(exactMatch))
                .containsEntry("math_verify", List.of(mathVerify));
    }

    /// The digest is of the prompt that the harness's own code made of this problem.
    @Test
    void prompt_isTheHarnesss() {
        String prompt = new MinervaMath500().load(folder, 4).getFirst().prompt(new AnswerPrompt.Plain());
        assertThat(prompt)
                .startsWith("Problem:\nFind the domain of the expression  $\\frac{")
                .contains("30n&=480\\\n\\Rightarrow", "I hope it is correct.\n\nProblem:\nIf $\\det")
                .endsWith("\n\nProblem:\nOne half?\n\nSolution:");
        assertThat(Sha256.ofText(prompt)).isEqualTo("52e80d9fcc8fd0ca912e60faaf590841a9325808bbd01fd2d6c795cba18868e8");
        assertThat(new MinervaMath500().load(folder, 0).getFirst().prompt(new AnswerPrompt.Plain()))
                .isEqualTo("Problem:\nOne half?\n\nSolution:");
        assertThatThrownBy(() -> new MinervaMath500().load(folder, 5))
                .hasMessage("num_fewshot: minerva_math500 has 4 examples, got 5; take fewer");
    }

    @Test
    @Tag("data")
    void load_realRecords_theirAnswersAreRight() {
        List<Math500.Problem> problems = Math500.problems("minerva_math500", SharedData.at("eval"));
        assertThat(problems).hasSize(250).allSatisfy(problem -> {
            String said = "Final Answer: The final answer is $%s$. I hope it is correct.".formatted(problem.answer());
            assertThat(MinervaMath500.verified(said, problem.answer())).isTrue();
            assertThat(MinervaMath500.verified("\\boxed{%s}".formatted(problem.answer()), problem.answer()))
                    .isTrue();
        });
    }
}
