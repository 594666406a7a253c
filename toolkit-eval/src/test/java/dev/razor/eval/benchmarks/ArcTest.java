package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.ParquetFiles;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import dev.razor.eval.Metric;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TextRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArcTest {

    private static final String AI2 = """
            {"id": "x1", "question": {"stem": "Why?", "choices": [{"text": "so", "label": "A"},\
             {"text": "not so", "label": "B"}]}, "answerKey": "B"}
            """;

    private static final String HUB = """
            {"id": "x1", "question": "Why?", "choices": {"text": ["so", "not so"], "label": ["1", "2"]},\
             "answerKey": "2"}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private Document only(String task) {
        List<Document> documents =
                Benchmarks.named(task, data).load(data, 0).tasks().getFirst().documents();
        assertThat(documents).hasSize(1);
        return documents.getFirst();
    }

    private static void isTheQuestion(Document document) {
        assertThat(document.requests(new PromptStyle.Plain()))
                .containsExactly(
                        new TextRequest("Question: Why?\nAnswer:", " so"),
                        new TextRequest("Question: Why?\nAnswer:", " not so"));
        assertThat(document.gold()).containsExactly(1);
    }

    @Test
    void load_readsAi2sFormByItsFoldersAndSplits() {
        Golden.write(data.resolve("arc/ARC-Easy/ARC-Easy-Test.jsonl"), AI2);
        Golden.write(data.resolve("arc/ARC-Easy/ARC-Easy-Train.jsonl"), AI2 + AI2);
        Golden.write(data.resolve("arc/ARC-Challenge/ARC-Challenge-Test.jsonl"), AI2.replace("Why", "How"));

        isTheQuestion(only("arc_easy"));
        assertThat(only("arc_challenge").choices().getFirst().query()).isEqualTo("Question: How?\nAnswer:");
        assertThat(Benchmarks.named("arc_easy", data).metrics())
                .containsExactly(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS);
    }

    @Test
    void load_readsTheHubsParquet() throws Exception {
        Path folder = Files.createDirectories(data.resolve("ai2_arc/ARC-Challenge"));
        ParquetFiles.ofJson(folder.resolve("test-00000-of-00001.parquet"), HUB);
        ParquetFiles.ofJson(folder.resolve("train-00000-of-00001.parquet"), HUB, HUB);

        isTheQuestion(only("arc_challenge"));
    }

    @Test
    void load_readsLlmFoundrysForm() {
        Golden.write(data.resolve("arc/arc_easy_300.jsonl"), """
                {"query": "Question: Why?", "choices": ["so", "not so"], "gold": 1}
                """);
        isTheQuestion(only("arc_easy"));
    }

    @Test
    void load_refusesAnAnswerThatIsNoLabel() {
        Golden.write(
                data.resolve("arc/ARC-Easy-Test.jsonl"), AI2.replace("\"answerKey\": \"B\"", "\"answerKey\": \"C\""));
        assertThatThrownBy(() -> only("arc_easy"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("ARC-Easy-Test.jsonl:1: answerKey must be one of the labels [A, B] of 2 choices,"
                        + " got C; correct the record");
    }

    /// Two examples of the train file, drawn as `Random(1234).sample(train, 2)` draws.
    @Test
    void load_withExamples_drawsFromTrain() {
        Golden.write(data.resolve("arc/ARC-Easy-Test.jsonl"), AI2 + AI2);
        var train = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            train.append(AI2.replace("Why?", "Why " + i + "?"));
        }
        Golden.write(data.resolve("arc/ARC-Easy-Train.jsonl"), train.toString());

        List<Document> documents = Benchmarks.named("arc_easy", data)
                .load(data, 3)
                .tasks()
                .getFirst()
                .documents();

        // Random(1234).sample(range(10), 3) in CPython 3.11: [7, 1, 0], then [1, 0, 9]
        assertThat(documents
                        .getFirst()
                        .requests(new PromptStyle.Plain())
                        .getFirst()
                        .context())
                .isEqualTo("Question: Why 7?\nAnswer: not so\n\nQuestion: Why 1?\nAnswer: not so\n\n"
                        + "Question: Why 0?\nAnswer: not so\n\nQuestion: Why?\nAnswer:");
        assertThat(documents.get(1).examples())
                .extracting(example -> example.query().charAt("Question: Why ".length()))
                .containsExactly('1', '0', '9');
    }
}
