package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.Document;
import dev.razor.eval.Example;
import dev.razor.eval.Golden;
import dev.razor.eval.PromptStyle;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewshotTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private List<Document> load(String task, int numFewshot) {
        return Benchmarks.named(task, data)
                .load(data, numFewshot)
                .tasks()
                .getFirst()
                .documents();
    }

    private static String lines(int count, String format) {
        return String.join(
                "\n",
                IntStream.range(0, count).mapToObj(i -> format.formatted(i, i)).toList());
    }

    /// The harness's task has no test split, so that one more is drawn and the last dropped:
    /// `Random(1234).sample(range(10), 3)` is [7, 1, 0], then [1, 0, 9].
    @Test
    void hellaswag_drawsOneMoreThanItShows() {
        String record = "{\"ind\": %d, \"activity_label\": \"Run\", \"ctx_a\": \"a%d.\", \"ctx_b\": \"he\","
                + " \"endings\": [\"x\", \"y\"], \"label\": \"1\"}";
        Golden.write(data.resolve("hellaswag/hellaswag_val.jsonl"), lines(2, record.replace("ind", "id")));
        Golden.write(data.resolve("hellaswag/hellaswag_train.jsonl"), lines(10, record));

        List<Document> documents = load("hellaswag", 2);

        assertThat(documents.getFirst().examples())
                .containsExactly(new Example("Run: a7. He", "y"), new Example("Run: a1. He", "y"));
        assertThat(documents.get(1).examples())
                .containsExactly(new Example("Run: a1. He", "y"), new Example("Run: a0. He", "y"));
    }

    /// The right name stands in the example's question, the rest of the sentence is its answer.
    @Test
    void winogrande_showsTheSentenceWithItsRightName() {
        String record = "{\"sentence\": \"%d: _ won, %d times.\", \"option1\": \"Ann\", \"option2\": \"Bob\","
                + " \"answer\": \"2\"}";
        Golden.write(data.resolve("winogrande/dev.jsonl"), lines(1, record));
        Golden.write(data.resolve("winogrande/train_xl.jsonl"), lines(10, record));

        assertThat(load("winogrande", 2)
                        .getFirst()
                        .requests(new PromptStyle.Plain())
                        .getFirst()
                        .context())
                .isEqualTo("7: Bob won, 7 times.\n\n1: Bob won, 1 times.\n\n0: Ann");
    }

    /// A file of one's own is its own pool, and a question is never its own example. Where the question was not
    /// among the three drawn, the last is dropped.
    @Test
    void ownFile_leavesOutTheQuestionItself() {
        Golden.write(
                data.resolve("own.jsonl"),
                lines(10, "{\"query\": \"q%d\", \"choices\": [\"a%d\", \"b\"], \"gold\": 0}"));

        List<Document> documents = load("own", 2);

        assertThat(documents.getFirst().examples()) // drawn: 7, 1, 0, asked: 0
                .containsExactly(new Example("q7", "a7"), new Example("q1", "a1"));
        assertThat(documents.get(1).examples()) // drawn: 1, 0, 9, asked: 1
                .containsExactly(new Example("q0", "a0"), new Example("q9", "a9"));
        assertThat(documents.get(2).examples()) // drawn: 1, 5, 3, asked: 2
                .containsExactly(new Example("q1", "a1"), new Example("q5", "a5"));
        assertThatThrownBy(() -> load("own", 10))
                .isInstanceOf(ConfigException.class)
                .hasMessage("num_fewshot: own has 10 solved questions to draw 11 from, got 10; lower it");
    }

    @Test
    void aFileAlone_hasNoExamples() {
        Path file = data.resolve("dev.jsonl");
        Golden.write(file, "{\"sentence\": \"_ x\", \"option1\": \"A\", \"option2\": \"B\", \"answer\": \"1\"}\n");
        assertThatThrownBy(() -> new Winogrande().load(file, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("num_fewshot: winogrande takes examples from its train file, got the file " + file
                        + " alone; give their folder");
    }
}
