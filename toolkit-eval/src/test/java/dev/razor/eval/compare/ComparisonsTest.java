package dev.razor.eval.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.base.DataException;
import dev.razor.eval.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ComparisonsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path write(String model, String task, String... lines) {
        Golden.write(
                folder.resolve(model).resolve("samples_%s.jsonl".formatted(task)), String.join("\n", lines) + "\n");
        return folder.resolve(model);
    }

    private static String line(int id, String prompt, double acc) {
        return "{\"doc_id\": %d, \"contexts\": [\"%s\"], \"choices\": [\"x%d\", \"y\"], \"gold\": 0,"
                        .formatted(id, prompt, id)
                + " \"metrics\": {\"acc\": %s}}".formatted(acc);
    }

    private static String[] lines(String prompt, int... marks) {
        String[] lines = new String[marks.length];
        for (int i = 0; i < marks.length; i++) {
            lines[i] = line(i, prompt, marks[i]);
        }
        return lines;
    }

    /// Both right on 2 items, A alone on 1, B alone on 3, none on 2: B - A = 2 / 8, p = 2 (1 + 4) / 16.
    @Test
    void of_twoModels_countsByHand() {
        Path a = write("a", "toy", lines("q", 1, 1, 1, 0, 0, 0, 0, 0));
        Path b = write("b", "toy", lines("q", 1, 1, 0, 1, 1, 1, 0, 0));

        PairedComparison one = Comparisons.of(a, b, 42).getFirst();

        assertThat(one.items()).isEqualTo(8);
        assertThat(one.a()).isEqualTo(3 / 8.0);
        assertThat(one.difference()).isEqualTo(0.25);
        assertThat(one.counts()).isEqualTo(new PairedComparison.Counts(2, 1, 3, 2, McNemar.of(1, 3)));
        assertThat(McNemar.of(1, 3).exact()).isCloseTo(10 / 16.0, within(1e-15));
        assertThat(one.ci95().low()).isBetween(-0.3, 0.0);
        assertThat(one.ci95().high()).isBetween(0.5, 0.8);
        assertThat(one.otherPrompts()).isZero();
        assertThat(Comparisons.of(a, b, 42)).containsExactly(one);
        JsonNode json = ComparisonJson.of(a, b, 42, List.of(one)).at("/comparisons/0");
        assertThat(json.path("only_b").asInt()).isEqualTo(3);
        assertThat(json.path("ci95").get(0).asDouble()).isEqualTo(one.ci95().low());
    }

    /// Two equal models differ by nothing, exactly.
    @Test
    void of_aModelAndItself_isZero() {
        Path a = write("a", "toy", lines("q", 1, 0, 1));
        PairedComparison one = Comparisons.of(a, a, 1).getFirst();
        assertThat(one.difference()).isZero();
        assertThat(one.ci95().low()).isZero();
        assertThat(one.ci95().high()).isZero();
    }

    /// A share of probability is no mark, so that nothing is counted; the interval is there.
    @Test
    void of_aMetricBetweenZeroAndOne_hasNoCounts() {
        Path a = write("a", "toy", line(0, "q", 0.5), line(1, "q", 0.25));
        Path b = write("b", "toy", line(0, "q", 0.75), line(1, "q", 0.5));
        PairedComparison one = Comparisons.of(a, b, 1).getFirst();
        assertThat(one.counts()).isNull();
        assertThat(one.ci95().low()).isCloseTo(0.25, within(1e-12));
    }

    /// The harness's files: metrics are listed by name, and the date is in the file's name.
    @Test
    void of_filesOfTheHarness_readsThem() {
        String line = "{\"doc_id\": 0, \"doc_hash\": \"ab\", \"metrics\": [\"acc\"], \"acc\": %s}\n";
        Golden.write(folder.resolve("a/samples_arc_easy_2026-01-02T03-04-05.678.jsonl"), line.formatted("1.0"));
        Golden.write(folder.resolve("b/samples_arc_easy_2026-01-02T03-05-05.678.jsonl"), line.formatted("0.0"));
        PairedComparison one =
                Comparisons.of(folder.resolve("a"), folder.resolve("b"), 1).getFirst();
        assertThat(one.task()).isEqualTo("arc_easy");
        assertThat(one.difference()).isEqualTo(-1);
    }

    @Test
    void of_otherPrompts_countsThem() {
        Path a = write("a", "toy", lines("q", 1, 0));
        Path b = write("b", "toy", lines("example, then q", 1, 0));
        assertThat(Comparisons.of(a, b, 1).getFirst().otherPrompts()).isEqualTo(2);
    }

    @Test
    void of_otherItems_namesEach() {
        Path a = write("a", "toy", lines("q", 1, 0, 1));
        Path b = write("b", "toy", line(0, "q", 1), line(1, "q", 1).replace("x1", "z"), line(7, "q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1)).isInstanceOfSatisfying(DataException.class, e -> {
            String first = a.resolve("samples_toy.jsonl").toString();
            String second = b.resolve("samples_toy.jsonl").toString();
            assertThat(e.problems())
                    .containsExactly(
                            first + ":2: toy: doc_id 1 is another item at " + second
                                    + ":2; evaluate both on the same file",
                            first + ":3: toy: doc_id 2 is missing in the other; evaluate both with the same --limit",
                            second + ":3: toy: doc_id 7 is missing in the other; evaluate both with the same --limit");
        });
    }

    @Test
    void of_nothingInCommon_saysWhatThereIs() {
        Path a = write("a", "toy", lines("q", 1));
        Path b = write("b", "game", lines("q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1))
                .hasMessageEndingWith("share no task, got toy and game; evaluate both on the same tasks");
        assertThatThrownBy(() -> Comparisons.of(a, folder, 1))
                .hasMessageEndingWith("holds no samples_TASK.jsonl; give the --output of razor eval");
        write("a", "toy", line(0, "q", 1), line(0, "q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, a, 1)).hasMessageContaining("doc_id 0 stands here a second time");
    }
}
