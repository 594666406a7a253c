package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthfulQaTest {

    @TempDir
    Path data;

    private List<Document> load(MultipleChoiceBenchmark benchmark, String list) {
        Golden.write(data.resolve("truthfulqa/mc_task.json"), list);
        return benchmark.load(data, 0).tasks().getFirst().documents();
    }

    @Test
    void load_readsBothFormsAlike() {
        String list = """
                [{"question": "Why?", "mc1_targets": {"z": 1, "a": 0, "m": 0}, "mc2_targets": {"z": 1, "a": 0, "m": 1}},
                 {"question": "Why?", "mc1_targets": {"choices": ["z", "a", "m"], "labels": [1, 0, 0]},
                  "mc2_targets": {"choices": ["z", "a", "m"], "labels": [1, 0, 1]}}]
                """;
        List<Document> one = load(new TruthfulQaMc1(), list);
        List<Document> two = load(new TruthfulQaMc2(), list);

        assertThat(one.get(0)).isEqualTo(one.get(1));
        assertThat(one.get(0).gold()).containsExactly(0);
        assertThat(two.get(0)).isEqualTo(two.get(1));
        assertThat(two.get(0).gold()).containsExactly(0, 2);
        assertThat(two.get(0).choices()).extracting(Choice::text).containsExactly("z", "a", "m");
        assertThat(one.get(0).choices().getFirst().query()).endsWith("in Barcelona, Spain.\n\nQ: Why?\nA:");
    }

    @Test
    void load_namesTheRecordAndTheTargets() {
        String list = """
                [{"question": "Q", "mc1_targets": {"a": 1, "b": 1}},
                 {"question": "Q", "mc1_targets": {"a": 1}},
                 {"question": "Q", "mc1_targets": {"a": 2, "b": 0}},
                 {"question": "Q", "mc1_targets": {"choices": ["a", "b"], "labels": [1]}},
                 {"question": "Q", "mc1_targets": {"a": 1, "b": 0}}]
                """;
        assertThatThrownBy(() -> load(new TruthfulQaMc1(), list))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .satisfiesExactly(
                                        first -> assertThat(first)
                                                .endsWith(
                                                        "mc_task.json: record 1: mc1_targets: exactly one answer must have"
                                                                + " label 1, got 2; correct the record"),
                                        second -> assertThat(second)
                                                .contains("record 2: mc1_targets: must have at least two"),
                                        third -> assertThat(third)
                                                .contains("record 3: mc1_targets: a label must be 0 or 1, got 2"),
                                        fourth -> assertThat(fourth)
                                                .contains("record 4: mc1_targets: labels must be a list of 2")));
    }

    @Test
    void load_takesNoOtherExamples() {
        assertThatThrownBy(() -> new TruthfulQaMc2().load(data, 5))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "num_fewshot: truthfulqa_mc2 has six fixed examples and takes no others, got 5");
    }
}
