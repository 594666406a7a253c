package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.ParquetFiles;
import dev.razor.eval.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Hub's files as they are laid out and typed there give the documents that the original files give.
class ParquetBenchmarksTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private void write(String file, String query) throws IOException {
        Path path = data.resolve(file);
        Files.createDirectories(path.getParent());
        ParquetFiles.write(path, query);
    }

    private List<Document> load(String task, int numFewshot) {
        return Benchmarks.named(task, data)
                .load(data, numFewshot)
                .tasks()
                .getFirst()
                .documents();
    }

    /// Labels are texts; the test split has empty ones and is left out.
    @Test
    void hellaswag_ofTheValidationSplit() throws IOException {
        String row = "SELECT 24::INT AS ind, 'Roofing' AS activity_label, 'A man sits.' AS ctx_a, 'he' AS ctx_b,"
                + " ['is  up.', 'pulls [title] down.'] AS endings, '%s' AS label";
        write("hellaswag/data/validation-00000-of-00001.parquet", row.formatted("1"));
        write("hellaswag/data/test-00000-of-00001.parquet", row.formatted(""));
        write("hellaswag/data/train-00000-of-00001.parquet", row.formatted("0") + " FROM range(3)");

        assertThat(load("hellaswag", 0))
                .containsExactly(Document.of("Roofing: A man sits. He", List.of("is up.", "pulls. down."), List.of(1)));
        assertThat(load("hellaswag", 2).getFirst().examples()).hasSize(2);
    }

    /// Answers are whole numbers, the class labels of the data set; the subject is a column.
    @Test
    void mmlu_ofTestAndDev() throws IOException {
        String row = "SELECT ' Q%s ' AS question, 'astronomy' AS subject, ['a', 'b', 'c', 'd'] AS choices,"
                + " 2::BIGINT AS answer";
        write("mmlu/all/test-00000-of-00001.parquet", row.formatted("1"));
        write("mmlu/all/dev-00000-of-00001.parquet", row.formatted("2"));
        write("mmlu/all/validation-00000-of-00001.parquet", row.formatted("3"));

        Document document = load("mmlu_astronomy", 1).getFirst();
        assertThat(document.gold()).containsExactly(2);
        assertThat(document.choices().getFirst().query()).isEqualTo("Q1\nA. a\nB. b\nC. c\nD. d\nAnswer:");
        assertThat(document.examples().getFirst().query()).startsWith("Q2\n");
    }

    /// Targets are structs of two lists; the other configuration's file has other fields.
    @Test
    void truthfulqa_ofTheMultipleChoiceConfiguration() throws IOException {
        write(
                "truthfulqa/multiple_choice/validation-00000-of-00001.parquet",
                "SELECT 'Why?' AS question, {'choices': ['x', 'y', 'z'], 'labels': [1::INT, 0, 0]} AS mc1_targets,"
                        + " {'choices': ['x', 'y', 'z'], 'labels': [1::INT, 1, 0]} AS mc2_targets");
        write(
                "truthfulqa/generation/validation-00000-of-00001.parquet",
                "SELECT 'Why?' AS question, 'x' AS best_answer");

        assertThat(load("truthfulqa_mc1", 0).getFirst().gold()).containsExactly(0);
        assertThat(load("truthfulqa_mc2", 0).getFirst().gold()).containsExactly(0, 1);
    }

    @Test
    void winogrande_ofTheXlConfiguration() throws IOException {
        String row = "SELECT 'So _ won.' AS sentence, 'Ann' AS option1, 'Bob' AS option2, '%s' AS answer";
        write("winogrande/winogrande_xl/validation-00000-of-00001.parquet", row.formatted("2"));
        write("winogrande/winogrande_xl/train-00000-of-00001.parquet", row.formatted("1"));

        Document document = load("winogrande", 0).getFirst();
        assertThat(document.gold()).containsExactly(1);
        assertThat(document.choices().get(1).query()).isEqualTo("So Bob");
    }

    @Test
    void aWrongRow_isNamedByItsNumber() throws IOException {
        write(
                "winogrande/validation.parquet",
                "SELECT 'So _ won.' AS sentence, 'Ann' AS option1, 'Bob' AS option2,"
                        + " CASE WHEN range = 1 THEN '3' ELSE '1' END AS answer FROM range(3)");
        assertThatThrownBy(() -> load("winogrande", 0))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("validation.parquet: row 2: answer must be 1 or 2, got 3; correct the record");
    }
}
