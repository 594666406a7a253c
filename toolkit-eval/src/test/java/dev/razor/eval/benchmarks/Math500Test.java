package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Math500Test {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\frac12 | \\frac{1}{2} | true",
                "\\dfrac{1}{2} | \\tfrac12 | true",
                "\\frac1{72} | \\frac{1}{72} | true",
                "\\frac{72}1 | \\frac{72}{1} | false",
                "1/2 | \\frac{1}{2} | true",
                "a/2 | \\frac{a}{2} | false",
                "a/2 | a/2 | true",
                "a /2 | a/2 | false",
                "01/2 | 01 / 2 | true",
                "0.5 | \\frac{1}{2} | true",
                "0.25 | \\frac{1}{4} | false",
                ".5 | \\frac{1}{2} | true",
                "\\sqrt3 | \\sqrt{3} | true",
                "x = 5 | 5 | true",
                "xyz=5 | 5 | false",
                "10\\% | 10 | true",
                "90^\\circ | 90 | true",
                "5\\text{ cm} | 5 | true",
                "5\\text{cm} | 5 | false",
                "\\left( 3, \\frac{\\pi}{2} \\right) | (3,\\frac\\pi2) | false",
                "\\left( 3, \\frac{\\pi}{2} \\right) | (3,\\frac{\\pi}{2}) | true",
                "2\\frac | 2\\frac | true",
                "2 \\frac | 2\\frac | false",
                "1,000 | 1000 | false"
            })
    void areEquivalent_asTheDefinitionSays(String one, String other, boolean same) {
        assertThat(MathAnswers.areEquivalent(one, other)).isEqualTo(same);
    }

    @Test
    void between_andLastBoxed() {
        assertThat(MathAnswers.between("so $x$ is $5$.")).isEqualTo("x$ is $5");
        assertThat(MathAnswers.between("$5$")).isEqualTo("5");
        assertThat(MathAnswers.between(" 5 $")).isEqualTo(" 5 $");
        assertThat(MathAnswers.lastBoxed("\\boxed{1} \\boxed{\\frac{1}{2}} x")).contains("\\frac{1}{2}");
        assertThat(MathAnswers.lastBoxed("$\\boxed 7$ x")).contains("7");
        assertThat(MathAnswers.lastBoxed("\\boxed{1")).isEmpty();
        assertThat(MathAnswers.lastBoxed("none")).isEmpty();
    }

    @Test
    void load_theHubsRecords() throws IOException {
        Files.writeString(
                folder.resolve("test.jsonl"),
                "{\"problem\": \"One half?\", \"solution\": \"It is $\\\\boxed{\\\\frac12}$.\", \"answer\": \"\"}\n");
        GenerativeDocument document = new Math500().load(folder, 0).getFirst();
        assertThat(document.prompt(new AnswerPrompt.Plain())).isEqualTo("Problem: One half?\nAnswer:");
        assertThat(document.grader().grade(" $0.5$")).containsEntry("exact_match", List.of(1.0));
        assertThat(document.grader().grade("0.5")).containsEntry("exact_match", List.of(1.0));
        assertThat(document.grader().grade("It is 0.5")).containsEntry("exact_match", List.of(0.0));
    }

    @Test
    @Tag("data")
    void load_realRecords_theirAnswersAreRight() {
        List<GenerativeDocument> documents = new Math500().load(SharedData.at("eval"), 0);
        assertThat(documents)
                .hasSize(250)
                .allSatisfy(document -> assertThat(document.grader().grade("$" + document.target() + "$"))
                        .containsEntry("exact_match", List.of(1.0)));
    }
}
