package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TextRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published data: every record can be used.
@Tag("data")
class SharedDataTest {

    private static final Path DATA = Path.of(System.getProperty("razor.home"))
            .resolve("../shared/data/eval")
            .normalize();

    @BeforeEach
    void needsTheDataFolder() {
        var _ = SharedData.at("eval");
    }

    @ParameterizedTest
    @CsvSource({
        "hellaswag, , 500, 2000, 0",
        "winogrande, , 500, 1000, 0",
        "truthfulqa_mc1, , 790, 4057, 17",
        "truthfulqa_mc2, , 790, 6045, 22",
        "arc_easy, arc, 300, 1200, 0",
        "arc_challenge, arc, 300, 1200, 0"
    })
    void load_readsEveryRecord(String name, @Nullable String folder, int documents, int choices, int empty) {
        Path data = folder == null ? DATA : DATA.resolve(folder);

        List<Document> loaded =
                Benchmarks.named(name, data).load(data, 0).tasks().getFirst().documents();

        List<String> continuations = loaded.stream()
                .flatMap(document -> document.requests(new PromptStyle.Plain()).stream())
                .map(TextRequest::continuation)
                .toList();
        assertThat(loaded).hasSize(documents);
        assertThat(continuations).hasSize(choices);
        // The authors' TruthfulQA of January 2025 has empty answers.
        assertThat(continuations).filteredOn(String::isBlank).hasSize(empty);
    }

    @Test
    void mmlu_hasAllSubjectsInFourGroups() {
        BenchmarkData loaded = Benchmarks.named("mmlu", DATA).load(DATA, 5);

        assertThat(loaded.tasks()).hasSize(57).allSatisfy(task -> {
            assertThat(task.documents()).hasSize(10);
            assertThat(task.documents())
                    .allSatisfy(document -> assertThat(document.examples()).hasSize(5));
        });
        assertThat(loaded.groups()).extracting(group -> group.tasks().size()).containsExactly(57, 19, 13, 12, 13);
    }

    @Test
    void hellaSwag_capitalisesTheFragmentsOnly() {
        List<String> queries = new HellaSwag()
                .load(DATA, 0).tasks().getFirst().documents().stream()
                        .map(document ->
                                document.requests(new PromptStyle.Plain()).getFirst())
                        .map(TextRequest::context)
                        .toList();
        List<String> asPublished = new DataFile(DATA.resolve("hellaswag/hellaswag_val_500.jsonl"))
                .read(each -> each.text("activity_label") + ": " + each.text("ctx"));

        int changed = 0;
        for (int i = 0; i < queries.size(); i++) {
            assertThat(queries.get(i).toLowerCase(Locale.ROOT))
                    .as("only letter case differs")
                    .isEqualTo(asPublished.get(i).toLowerCase(Locale.ROOT));
            boolean endsInFragment = !asPublished.get(i).matches("(?s).*[.!?][\"')]*\\s*");
            assertThat(!queries.get(i).equals(asPublished.get(i)))
                    .as(asPublished.get(i))
                    .isEqualTo(endsInFragment);
            changed += endsInFragment ? 1 : 0;
        }
        assertThat(changed).isEqualTo(157);
        assertThat(queries.getFirst()).endsWith("rockets being shot. Two men");
    }
}
