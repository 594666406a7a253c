package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.Golden;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TextRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MmluTest {

    private static final String QUESTION = "\" Which\nway? \",up,\"down, \"\"then\"\" up\",left,right,C\n";
    private static final String ASKED = "Which\nway?\nA. up\nB. down, \"then\" up\nC. left\nD. right\nAnswer:";

    @TempDir
    Path data;

    private BenchmarkData load(String name, int numFewshot) {
        return Benchmarks.named(name, data).load(data, numFewshot);
    }

    @Test
    void load_readsTheOriginalFiles() {
        Golden.write(data.resolve("mmlu/test/high_school_physics_test.csv"), QUESTION);

        Document document = load("mmlu_high_school_physics", 0)
                .tasks()
                .getFirst()
                .documents()
                .getFirst();

        assertThat(document.requests(new PromptStyle.Plain()))
                .extracting(TextRequest::context)
                .containsOnly(
                        "The following are multiple choice questions (with answers) about high school physics.\n\n"
                                + ASKED);
        assertThat(document.requests(new PromptStyle.Plain()))
                .extracting(TextRequest::continuation)
                .containsExactly(" A", " B", " C", " D");
        assertThat(document.gold()).containsExactly(2);
    }

    @Test
    void load_putsTheFirstExamplesBeforeTheQuestion() {
        Golden.write(data.resolve("test/anatomy_test.csv"), QUESTION);
        Golden.write(data.resolve("dev/anatomy_dev.csv"), "one?,a,b,c,d,D\ntwo?,a,b,c,d,A\nthree?,a,b,c,d,B\n");

        Document document =
                load("mmlu_anatomy", 2).tasks().getFirst().documents().getFirst();

        assertThat(document.requests(new PromptStyle.Plain()).getFirst().context())
                .isEqualTo("The following are multiple choice questions (with answers) about anatomy.\n\n"
                        + "one?\nA. a\nB. b\nC. c\nD. d\nAnswer: D\n\n"
                        + "two?\nA. a\nB. b\nC. c\nD. d\nAnswer: A\n\n"
                        + ASKED);
        assertThatThrownBy(() -> load("mmlu_anatomy", 4))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "num_fewshot: mmlu_anatomy has 3 examples in its dev file, got 4; lower it or add the file");
    }

    @Test
    void load_leavesOutGroupsWithoutFiles() {
        Golden.write(data.resolve("mmlu/anatomy_test.csv"), QUESTION);
        Golden.write(data.resolve("mmlu/virology_test.csv"), QUESTION);
        Golden.write(data.resolve("mmlu/virology_val.csv"), QUESTION);

        BenchmarkData loaded = load("mmlu", 0);

        assertThat(loaded.tasks())
                .extracting(BenchmarkData.Task::name)
                .containsExactly("mmlu_anatomy", "mmlu_virology");
        assertThat(loaded.groups())
                .extracting(BenchmarkData.Group::name)
                .containsExactly("mmlu", "mmlu_stem", "mmlu_other");
        assertThat(loaded.groups().get(2).tasks()).containsExactly("mmlu_virology");
    }

    @Test
    void load_namesBadRows() {
        Golden.write(data.resolve("anatomy_test.csv"), QUESTION + "q,a,b,c,d,E\n");
        assertThatThrownBy(() -> load("mmlu_anatomy", 0))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith(
                        "anatomy_test.csv:3: the right answer must be A, B, C or D, got \"E\";" + " correct the row");

        Golden.write(data.resolve("anatomy_test.csv"), "q,a,b,c,A\n");
        assertThatThrownBy(() -> load("mmlu_anatomy", 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("anatomy_test.csv:1: must have question, four answers and a letter, got 5 cells");

        Golden.write(data.resolve("anatomy_test.csv"), "");
        assertThatThrownBy(() -> load("mmlu_anatomy", 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("anatomy_test.csv: holds no questions");
    }

    @Test
    void load_refusesTwoFilesOfASubject() {
        Golden.write(data.resolve("mmlu/anatomy_test.csv"), QUESTION);
        Golden.write(data.resolve("mmlu/test/anatomy_test.csv"), QUESTION);

        assertThatThrownBy(() -> load("mmlu", 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(data.resolve("mmlu/anatomy_test.csv").toString())
                .hasMessageContaining(data.resolve("mmlu/test/anatomy_test.csv").toString());
    }

    @Test
    void load_saysWhereTheFilesBelong() {
        assertThatThrownBy(() -> load("mmlu_anatomy", 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("anatomy_test.csv")
                .hasMessageContaining(data.toString());
    }

    @Test
    void groups_partTheFiftySevenSubjects() {
        List<String> subjects = Arrays.stream(MmluGroup.values())
                .flatMap(group -> group.subjects().stream())
                .toList();

        assertThat(subjects).hasSize(57).doesNotHaveDuplicates();
        assertThat(Arrays.stream(MmluGroup.values())
                        .map(group -> group.subjects().size()))
                .containsExactly(19, 13, 12, 13);
    }
}
