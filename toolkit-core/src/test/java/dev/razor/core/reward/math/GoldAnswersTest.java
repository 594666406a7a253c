package dev.razor.core.reward.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.SharedData;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every published right answer is equal to itself, most can be read, and next to none equals its neighbour.
@Tag("data")
class GoldAnswersTest {

    @Test
    void gsm8k_isReadWhole() throws Exception {
        List<String> gold = Files.readAllLines(SharedData.at("train/gsm8k/train_1000.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line).get("answer").stringValue())
                .map(answer -> answer.substring(answer.lastIndexOf("####") + 4).strip())
                .toList();

        assertThat(gold).hasSize(1000).allMatch(answer -> Equivalence.equal(answer, answer));
        assertThat(gold).allMatch(Equivalence::readable);
        assertThat(gold).allMatch(answer -> Equivalence.equal(answer, "\\boxed{" + answer + ".0}"));
    }

    @Test
    void openReasonerZero_isReadButForAFew() throws Exception {
        List<String> gold = new ArrayList<>();
        for (String file : List.of("57k_collected", "72k_collection_extended")) {
            for (JsonNode one : json("train/open-reasoner-zero/orz_math_%s.subset.json".formatted(file))) {
                gold.add(one.get(1).get("ground_truth").get("value").stringValue());
            }
        }

        assertThat(gold).hasSize(2750).allMatch(answer -> Equivalence.equal(answer, answer));
        assertReadable(gold, 0.99);
    }

    @Test
    void math500_isReadButForAFew() throws Exception {
        List<String> gold = new ArrayList<>();
        for (JsonNode one : json("eval/math500/math500_250.json")) {
            gold.add(one.get("final_answer").stringValue());
        }

        assertThat(gold).hasSize(250).allMatch(answer -> Equivalence.equal(answer, answer));
        assertReadable(gold, 0.99);
    }

    private static void assertReadable(List<String> gold, double share) {
        List<String> unread =
                gold.stream().filter(answer -> !Equivalence.readable(answer)).toList();
        assertThat(unread).as("not read").hasSizeLessThanOrEqualTo((int) ((1 - share) * gold.size()));
        // The grammar's value, not the letters alone: the same answer, spelt with other letters.
        List<String> unequal = gold.stream()
                .filter(Equivalence::readable)
                .filter(answer -> !Equivalence.equal(answer, "{" + answer.strip() + "}")
                        && !AnswerText.isWords(AnswerText.cleaned(answer)))
                .toList();
        assertThat(unequal).as("not equal by value").hasSizeLessThanOrEqualTo((int) ((1 - share) * gold.size()));
    }

    private static JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(Files.readString(SharedData.at(path)));
    }
}
