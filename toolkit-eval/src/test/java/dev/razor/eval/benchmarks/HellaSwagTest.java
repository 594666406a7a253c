package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HellaSwagTest {

    @TempDir
    Path data;

    private List<Document> load(String lines) {
        Golden.write(data.resolve("hellaswag.jsonl"), lines);
        return new HellaSwag().load(data, 0).tasks().getFirst().documents();
    }

    private static String query(Document document) {
        return document.choices().getFirst().query();
    }

    @Test
    void load_cleansTheOriginalForm() {
        // Double spaces go once: of the three before "heat" two remain.
        Document document = load("""
                {"activity_label": "Food", "ctx_a": "[header] How to boil [title] Take a pan. [step] Pour   it.", \
                "ctx_b": "the RED pan", "endings": ["[step] goes  away ", "b [x] c"], "label": "1"}
                """).getFirst();

        assertThat(query(document)).isEqualTo("Food: How to boil. Take a pan. Pour  it. The red pan");
        assertThat(document.choices()).extracting(Choice::text).containsExactly(" goes away", "b c");
        assertThat(document.gold()).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "He sits. she | He sits. She",
                "He sits. the red tlc logo | He sits. The red tlc logo",
                "He asks \"why?\" then they | He asks \"why?\" Then they",
                "He drops it . he | He drops it . He",
                "He sits. She stands. | He sits. She stands.",
                "He sits. she stands. | He sits. she stands.",
                "a man on a roof | a man on a roof",
                "He sits. Then he | He sits. Then he",
                "It costs 2.50 there. he pays 3.20 and | It costs 2.50 there. He pays 3.20 and",
            })
    void load_capitalisesTheFragmentOfTheCleanedForm(String context, String expected) {
        Document document = load("""
                {"activity_label": "Food", "ctx": "%s", "endings": ["a", "b"], "label": 0}
                """.formatted(context.replace("\"", "\\\""))).getFirst();

        assertThat(query(document)).isEqualTo("Food: " + expected);
    }

    @Test
    void load_givesBothFormsTheSameQuery() {
        List<Document> documents = load("""
                {"activity_label": "Roof", "ctx_a": "A man is sitting on a roof.", "ctx_b": "he", "endings": ["a", "b"], "label": 0}
                {"activity_label": "Roof", "ctx": "A man is sitting on a roof. he", "endings": ["a", "b"], "label": 0}
                """);

        assertThat(documents.get(0)).isEqualTo(documents.get(1));
    }

    @Test
    void load_reportsEveryBadRecordOfTheFile() {
        assertThatThrownBy(() -> load("""
                        {"activity_label": "L", "ctx": "c", "endings": ["a", "b"], "label": 0}
                        {"activity_label": "L", "ctx": "c", "endings": ["a", "b"], "label": 2}
                        {"activity_label": "L", "ctx": "c", "endings": ["a"], "label": 0}
                        {"activity_label": "L", "endings": ["a", "b"], "label": 0}
                        {"activity_label": "L", "ctx": "c", "endings": ["a", "b"], "label": "x"}
                        """)).isInstanceOfSatisfying(DataException.class, e -> {
            String file = data.resolve("hellaswag.jsonl").toString();
            assertThat(e.problems())
                    .containsExactly(
                            file + ":2: label must be from 0 to 1, got 2; correct the record",
                            file + ":3: endings must be a list of at least two texts, got [\"a\"];"
                                    + " correct the record",
                            file + ":4: the field ctx is missing, got activity_label, endings, label;"
                                    + " correct the record",
                            file + ":5: label must be a whole number, got \"x\"; correct the record");
        });
    }

    @Test
    void load_withExamples_needsATrainFile() {
        Golden.write(data.resolve("hellaswag/val.jsonl"), """
                {"activity_label": "A", "ctx": "b", "endings": ["c", "d"], "label": 0}
                """);
        assertThatThrownBy(() -> new HellaSwag().load(data, 10))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("hellaswag: no train file with the fields ")
                .hasMessageContaining("val.jsonl (validation)");
        Golden.write(data.resolve("hellaswag/train.jsonl"), """
                {"activity_label": "A", "ctx": "b", "endings": ["c", "d"], "label": 0}
                """);
        assertThatThrownBy(() -> new HellaSwag().load(data, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("num_fewshot: hellaswag has 1 solved questions to draw 2 from, got 1; lower it");
    }
}
