package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TextRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WinograndeTest {

    @TempDir
    Path data;

    private List<Document> load(String lines) {
        Golden.write(data.resolve("dev.jsonl"), lines);
        return new Winogrande().load(data, 0).tasks().getFirst().documents();
    }

    @Test
    void load_scoresTheRestAfterEachName() {
        Document document = load("""
                {"qID": "x", "sentence": "Ann thanked Bea because _  had helped. ", "option1": "Ann", "option2": "Bea", "answer": "2"}
                """).getFirst();

        assertThat(document.requests(new PromptStyle.Plain()))
                .containsExactly(
                        new TextRequest("Ann thanked Bea because Ann", " had helped."),
                        new TextRequest("Ann thanked Bea because Bea", " had helped."));
        assertThat(document.gold()).containsExactly(1);
    }

    @Test
    void load_refusesSentencesWithoutBlankAndUnknownAnswers() {
        assertThatThrownBy(() -> load("""
                        {"sentence": "No blank.", "option1": "a", "option2": "b", "answer": "1"}
                        {"sentence": "A _.", "option1": "a", "option2": "b", "answer": "3"}
                        {"sentence": "A _.", "option1": "a", "option2": "b", "answer": ""}
                        """))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .satisfiesExactly(
                                        first -> assertThat(first)
                                                .contains("dev.jsonl:1: sentence must have a blank \"_\""),
                                        second -> assertThat(second)
                                                .contains("dev.jsonl:2: answer must be 1 or 2, got 3"),
                                        third -> assertThat(third)
                                                .contains("dev.jsonl:3: answer must be a whole number")));
    }
}
