package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gsm8kTest {

    private static final AnswerPrompt PLAIN = new AnswerPrompt.Plain();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("gsm8k"));
        Files.writeString(
                folder.resolve("gsm8k/test.jsonl"),
                "{\"question\": \"1 + 1?\", \"answer\": \"It is <<1+1=2>>2.\\n#### 1,002\"}\n");
        StringBuilder training = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            training.append("{\"question\": \"q%d\", \"answer\": \"a%d\\n#### %d\"}\n".formatted(i, i, i));
        }
        Files.writeString(folder.resolve("gsm8k/train.jsonl"), training);
    }

    private Map<String, List<Double>> marks(Gsm8k task, String answer) {
        return task.load(folder, 0).getFirst().grader().grade(answer);
    }

    @Test
    void prompt_hasTheExamplesThatPythonDraws() {
        GenerativeDocument document = Gsm8k.GSM8K.load(folder, 2).getFirst();
        // random.Random(1234).sample(range(1000), 2) begins as that of 5 does: 989, 796.
        assertThat(document.prompt(PLAIN)).isEqualTo("""
                Question: q989
                Answer: a989
                #### 989

                Question: q796
                Answer: a796
                #### 796

                Question: 1 + 1?
                Answer:""");
        assertThat(Gsm8k.COT_ZEROSHOT.load(folder, 0).getFirst().prompt(PLAIN))
                .isEqualTo("Q: 1 + 1?\nA: Let's think step by step.");
        assertThat(Gsm8k.COT.load(folder, 1).getFirst().prompt(PLAIN))
                .startsWith("Q: There are 15 trees in the grove. Grove workers will")
                .endsWith(
                        "plant today?\nA: There are 15 trees originally. Then there were 21 trees after some more were"
                                + " planted. So there must have been 21 - 15 = 6. The answer is 6.\n\nQ: 1 + 1?\nA:");
        assertThat(Gsm8k.COT.load(folder, 8).getFirst().turns()).hasSize(17);
    }

    @Test
    void marks_strictAndFlexible() {
        assertThat(marks(Gsm8k.GSM8K, " so 1002\n#### 1,002"))
                .containsEntry("exact_match,strict-match", List.of(1.0))
                .containsEntry("exact_match,flexible-extract", List.of(1.0));
        assertThat(marks(Gsm8k.GSM8K, "It is $1,002.00"))
                .containsEntry("exact_match,strict-match", List.of(0.0))
                .containsEntry("exact_match,flexible-extract", List.of(0.0));
        assertThat(marks(Gsm8k.GSM8K, "It is $1,002.")).containsEntry("exact_match,flexible-extract", List.of(1.0));
        assertThat(marks(Gsm8k.GSM8K, "none")).containsEntry("exact_match,flexible-extract", List.of(0.0));
        // The first "####" counts for the strict match, the last number for the flexible one.
        assertThat(marks(Gsm8k.GSM8K, "#### 1002\n#### 7"))
                .containsEntry("exact_match,strict-match", List.of(1.0))
                .containsEntry("exact_match,flexible-extract", List.of(0.0));
        assertThat(marks(Gsm8k.COT, "The answer is 1002. Then The answer is 5."))
                .containsEntry("exact_match,strict-match", List.of(1.0))
                .containsEntry("exact_match,flexible-extract", List.of(0.0));
    }

    @Test
    void extraction_byHand() {
        assertThat(NumberExtraction.last("a -3 b 4.5 c")).isEqualTo("4.5");
        assertThat(NumberExtraction.last("7 -3")).isEqualTo("-3");
        assertThat(NumberExtraction.last("7...")).isEqualTo("7...");
        assertThat(NumberExtraction.last("x, y.")).isEqualTo("[invalid]");
        assertThat(NumberExtraction.isExactMatch("$1,002.", "text\n#### 1002")).isTrue();
        assertThat(NumberExtraction.isExactMatch("1002.0", "#### 1002")).isFalse();
    }

    @Test
    void load_mistakes_areOneLine() throws IOException {
        assertThatThrownBy(() -> Gsm8k.COT.load(folder, 9)).hasMessageContaining("has 8 examples, got 9");
        assertThatThrownBy(() -> Gsm8k.COT_ZEROSHOT.load(folder, 1)).hasMessageContaining("takes no examples");
        Files.delete(folder.resolve("gsm8k/train.jsonl"));
        assertThatThrownBy(() -> Gsm8k.GSM8K.load(folder, 5))
                .hasMessageContaining("training questions", "--num-fewshot 0");
    }

    @Test
    @Tag("data")
    void load_realRecords() throws IOException {
        Path data = folder.resolve("real/gsm8k");
        Files.createDirectories(data);
        Files.copy(SharedData.at("eval/gsm8k/test_500.jsonl"), data.resolve("test.jsonl"));
        Files.copy(SharedData.at("train/gsm8k/train_1000.jsonl"), data.resolve("train.jsonl"));
        List<GenerativeDocument> documents = Gsm8k.GSM8K.load(folder.resolve("real"), 5);
        assertThat(documents).hasSize(500).allSatisfy(document -> {
            // The right solution is right.
            assertThat(document.grader().grade(document.target()).values())
                    .allMatch(values -> values.equals(List.of(1.0)));
            assertThat(document.turns()).hasSize(11);
        });
    }
}
