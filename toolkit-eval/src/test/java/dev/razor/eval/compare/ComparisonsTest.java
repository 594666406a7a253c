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

    /// A fault is one line a task, with the first items it concerns.
    @Test
    void of_otherItems_saysOfEachFaultHowMany() {
        Path a = write("a", "toy", lines("q", 1, 0, 1, 1, 1, 1));
        Path b = write("b", "toy", line(0, "q", 1), line(1, "q", 1).replace("x1", "z"), line(7, "q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1)).isInstanceOfSatisfying(DataException.class, e -> {
            String first = a.resolve("samples_toy.jsonl").toString();
            String second = b.resolve("samples_toy.jsonl").toString();
            assertThat(e.problems())
                    .containsExactly(
                            first
                                    + ":3: toy: 4 of 6 items (doc_id 2, 3, 4, ...) are missing in the other; evaluate both with the same --limit",
                            second
                                    + ":3: toy: 1 of 3 items (doc_id 7) are missing in the other; evaluate both with the same --limit",
                            first + ":2: toy: 1 of 6 items (doc_id 1) are not those of " + second
                                    + ":2 (the choices differ); evaluate both on the same file");
        });
    }

    @Test
    void of_manyTasksThatDiffer_namesTheFirst() {
        for (int i = 10; i < 35; i++) {
            write("a", "toy" + i, lines("q", 1, 0));
            write("b", "toy" + i, lines("q", 1));
        }
        assertThatThrownBy(() -> Comparisons.of(folder.resolve("a"), folder.resolve("b"), 1))
                .isInstanceOfSatisfying(DataException.class, e -> {
                    assertThat(e.problems()).hasSize(11);
                    assertThat(e.problems().getLast()).contains("15 more tasks differ");
                });
    }

    /// Instructions: A follows 1 of 1 and 1 of 3, B 0 of 1 and 3 of 3. So 2/4 and 3/4. The pairs of prompts drawn
    /// differ by -1/1 (one in four), 2/6 (one in four) or 1/4.
    @Test
    void of_severalValuesAnItem_countsEachAndDrawsItems() {
        String item = "{\"doc_id\": %d, \"prompt\": \"p%d\", \"metrics\": {\"inst\": %s}}";
        Path a = write("a", "ifeval", item.formatted(0, 0, "[1.0]"), item.formatted(1, 1, "[0.0, 1.0, 0.0]"));
        Path b = write("b", "ifeval", item.formatted(0, 0, "[0.0]"), item.formatted(1, 1, "[1.0, 1.0, 1.0]"));
        PairedComparison one = Comparisons.of(a, b, 5).getFirst();
        assertThat(one.a()).isEqualTo(0.5);
        assertThat(one.b()).isEqualTo(0.75);
        assertThat(one.difference()).isEqualTo(0.25);
        assertThat(one.items()).isEqualTo(2);
        assertThat(one.values()).isEqualTo(4);
        assertThat(one.counts()).isNull();
        assertThat(one.ci95().low()).isEqualTo(-1);
        assertThat(one.ci95().high()).isCloseTo(2 / 3.0, within(1e-12));
        write("b", "ifeval", item.formatted(0, 0, "[0.0]"), item.formatted(1, 1, "[1.0]"));
        assertThatThrownBy(() -> Comparisons.of(a, b, 5))
                .hasMessageContaining("ifeval: 1 of 2 items (doc_id 1) have another number of parts in the other");
    }

    /// A group weights every item the same: 1 of 1 and 0 of 3 right is 1/4.
    @Test
    void of_groups_joinsTheItemsOfTheirTasks() {
        for (String model : List.of("a", "b")) {
            write(model, "mmlu_law", lines("q", 1));
            write(model, "mmlu_art", lines("q", 0, 0, model.equals("a") ? 0 : 1));
            Golden.write(
                    folder.resolve(model).resolve("results.json"),
                    "{\"group_subtasks\": {\"mmlu\": [\"mmlu_other\", \"mmlu_art\"], \"mmlu_other\": [\"mmlu_law\"],"
                            + " \"gone\": [\"mmlu_art\", \"mmlu_none\"]}}");
        }
        List<PairedComparison> all = Comparisons.of(folder.resolve("a"), folder.resolve("b"), 1);
        assertThat(all)
                .extracting(PairedComparison::task)
                .containsExactly("mmlu_art", "mmlu_law", "mmlu", "mmlu_other");
        PairedComparison mmlu = all.get(2);
        assertThat(mmlu.items()).isEqualTo(4);
        assertThat(mmlu.a()).isEqualTo(0.25);
        assertThat(mmlu.difference()).isEqualTo(0.25);
    }

    /// A file of the harness and one of Razor's own match by choices and right answer; the harness's hash does
    /// not count there. With another right answer the true reason is told.
    @Test
    void of_aFileOfTheHarnessAndRazorsOwn_matchesByAnswers() {
        String harness = "{\"doc_id\": 0, \"doc\": {\"ctx\": \"q\"}, \"doc_hash\": \"ab\", \"target\": \"%s\","
                + " \"arguments\": {\"gen_args_0\": {\"arg_0\": \"q\", \"arg_1\": \" x0\"},"
                + " \"gen_args_1\": {\"arg_0\": \"q\", \"arg_1\": \" y\"}}, \"filter\": \"none\", \"metrics\": [\"acc\"],"
                + " \"acc\": 1.0}\n";
        Path a = write(
                "a",
                "toy",
                "{\"doc_id\": 0, \"contexts\": [\"r\", \"r\"], \"choices\": [\"x0\", \"y\"], \"gold\": 0,"
                        + " \"metrics\": {\"acc\": 0.0}}");
        Path file = folder.resolve("b/samples_toy_2026-01-02T03-04-05.678.jsonl");
        Golden.write(file, harness.formatted("0"));
        Path b = folder.resolve("b");
        PairedComparison one = Comparisons.of(a, b, 1).getFirst();
        assertThat(one.difference()).isEqualTo(1);
        assertThat(one.otherPrompts()).isEqualTo(1);
        Golden.write(file, harness.formatted("1"));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1))
                .hasMessageContaining("(the right answer is 0 here and 1 there); evaluate both on the same file");
        Golden.write(file, harness.formatted("0").replace(" y", " z"));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1)).hasMessageContaining("(the choices differ)");
        Golden.write(file, harness.formatted("0").replace("acc\"", "f1\""));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1)).hasMessageContaining("shares no metric with");
        assertThatThrownBy(() -> Comparisons.of(a, folder, 1))
                .hasMessage("%s: holds no samples_TASK.jsonl; give %s".formatted(folder, a));
    }

    /// Several completions of a program are one item: 1 of 2 right against 2 of 2.
    @Test
    void of_severalCompletionsOfAProgram_averagesThem() {
        String line = "{\"doc_id\": 0, \"task_id\": \"T/0\", \"completion\": \"x\", \"metrics\": {\"pass@1\": %s}}";
        Path a = write("a", "humaneval", line.formatted(1), line.formatted(0));
        Path b = write("b", "humaneval", line.formatted(1), line.formatted(1));
        PairedComparison one = Comparisons.of(a, b, 1).getFirst();
        assertThat(one.items()).isEqualTo(1);
        assertThat(one.difference()).isEqualTo(0.5);
    }

    @Test
    void of_nothingInCommon_saysWhatThereIs() {
        Path a = write("a", "toy", lines("q", 1));
        Path b = write("b", "game", lines("q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, b, 1))
                .hasMessageEndingWith("share no task, got toy and game; evaluate both on the same tasks");
        Path empty = folder.resolve("empty");
        assertThat(empty.toFile().mkdir()).isTrue();
        assertThatThrownBy(() -> Comparisons.of(a, empty, 1))
                .hasMessageEndingWith("holds no samples_TASK.jsonl; give the --output of razor eval");
        write("a", "toy", line(0, "q", 1), line(0, "q", 1));
        assertThatThrownBy(() -> Comparisons.of(a, a, 1)).hasMessageContaining("doc_id 0 stands here a second time");
    }
}
