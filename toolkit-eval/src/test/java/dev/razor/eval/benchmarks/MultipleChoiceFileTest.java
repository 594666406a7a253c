package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import dev.razor.eval.Metric;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TextRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipleChoiceFileTest {

    private static final String RECORD = "{\"query\": \"2+2=\", \"choices\": [\"4\", \"5\"], \"gold\": 0}\n";

    @TempDir
    Path data;

    @Test
    void load_scoresChoicesAfterTheQuery() {
        Golden.write(data.resolve("sums.jsonl"), RECORD);

        Document document = Benchmarks.named("sums", data)
                .load(data, 0)
                .tasks()
                .getFirst()
                .documents()
                .getFirst();

        assertThat(document.requests(new PromptStyle.Plain()))
                .containsExactly(new TextRequest("2+2=", " 4"), new TextRequest("2+2=", " 5"));
        assertThat(new MultipleChoiceFile("sums").metrics())
                .containsExactly(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS, Metric.ACCURACY_BY_BYTES);
    }

    @Test
    void load_tellsFilesApartByName() {
        Golden.write(data.resolve("easy_300.jsonl"), RECORD);
        Golden.write(data.resolve("easier.jsonl"), RECORD);
        Golden.write(data.resolve("hard/test.jsonl"), RECORD + RECORD);

        assertThat(new MultipleChoiceFile("easy")
                        .load(data, 0)
                        .tasks()
                        .getFirst()
                        .documents())
                .hasSize(1);
        assertThat(new MultipleChoiceFile("hard")
                        .load(data, 0)
                        .tasks()
                        .getFirst()
                        .documents())
                .hasSize(2);
        assertThatThrownBy(() -> new MultipleChoiceFile("eas").load(data, 0))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("eas: no file with the fields query, choices, gold");
    }

    @Test
    void load_refusesAGoldOutOfRange() {
        Golden.write(data.resolve("sums.jsonl"), RECORD + RECORD.replace("\"gold\": 0", "\"gold\": -1"));

        assertThatThrownBy(() -> new MultipleChoiceFile("sums").load(data, 0))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("sums.jsonl:2: gold must be from 0 to 1, got -1; correct the record");
    }

    @Test
    void named_listsTheBenchmarksForAnUnknownName() {
        assertThatThrownBy(() -> Benchmarks.named("helaswag", data))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got helaswag")
                .hasMessageContaining(
                        "hellaswag, truthfulqa_mc1, truthfulqa_mc2, winogrande, arc_challenge, arc_easy, mmlu, mmlu_stem");
        assertThatThrownBy(() -> Benchmarks.named("../secret", data)).isInstanceOf(ConfigException.class);
    }

    @Test
    void all_haveNamesOfTheirOwn() {
        assertThat(Benchmarks.ALL)
                .extracting(benchmark -> benchmark.name())
                .hasSize(68)
                .doesNotHaveDuplicates();
    }
}
