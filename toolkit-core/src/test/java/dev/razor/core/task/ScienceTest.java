package dev.razor.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.run.Sha256;
import dev.razor.core.testing.SharedData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ScienceTest {

    private static final String QUESTION = """
            {"question": "How many atoms?\\nCount all.", "choices": {"text": ["63", "18 ", "58", "80"], \
            "label": ["A", "B", "C", "D"]}, "answerKey": "B", "type": "%s", "domain": "%s", \
            "details": {"level": "%s", "task": "t", "subtask": "i2atoms"}}""";

    @Test
    void system_hasTheBytesOfTheStudy() {
        assertThat(Science.SYSTEM.getBytes(StandardCharsets.UTF_8)).hasSize(365);
        assertThat(Sha256.ofText(Science.SYSTEM))
                .isEqualTo("4ba6111e30eae2f4d6740cd9b003d95a7b094ede2f8cb99fe29d8269cc85d3b1");
    }

    @Test
    void prepare_writesTheConversationAndTheLetter() {
        PreparedTasks out = Sources.prepared(Task.SCIENCE, QUESTION.formatted("mcq-4-choices", "Chemistry", "L3"));
        PreparedTask task = out.tasks().getFirst();
        assertThat(task.node().propertyNames()).containsExactly("id", "prompt", "answer", "subtask");
        assertThat(task.id()).matches("science-[0-9a-f]{16}");
        assertThat(task.node().path("answer").asString()).isEqualTo("B");
        assertThat(task.node().path("prompt")).hasSize(2);
        assertThat(task.node().path("prompt").path(0).path("role").asString()).isEqualTo("system");
        assertThat(Sources.content(task, 0)).isEqualTo(Science.SYSTEM);
        assertThat(Sources.content(task, 1)).isEqualTo("How many atoms?\nCount all.\n\nA: 63\nB: 18 \nC: 58\nD: 80");
        assertThat(task.group()).isEqualTo("how many atoms? count all.");
    }

    @Test
    void prepare_leavesOutOtherTypesLevelsAndDomains_andCountsThem() {
        PreparedTasks out = Sources.prepared(
                Task.SCIENCE,
                QUESTION.formatted("mcq-4-choices", "Chemistry", "L3"),
                QUESTION.formatted("mcq-4-choices", "Chemistry", "L3"),
                QUESTION.formatted("mcq-4-choices", "Chemistry", "L3")
                        .replace("\"answerKey\": \"B\"", "\"answerKey\": \"C\""),
                QUESTION.formatted("filling", "Chemistry", "L3"),
                QUESTION.formatted("mcq-4-choices", "Chemistry", "L1"),
                QUESTION.formatted("mcq-4-choices", "Biology", "L3"));
        assertThat(out.tasks()).hasSize(1);
        assertThat(out.leftOut())
                .isEqualTo(Map.of(
                        "the same prompt and answer again", 1,
                        "the same prompt again with another answer", 1,
                        "type filling", 1,
                        "level L1", 1,
                        "domain Biology", 1));
    }

    @Test
    void prepare_reportsAllBadRecordsTogether() {
        String good = QUESTION.formatted("mcq-4-choices", "Chemistry", "L3");
        PreparedTasks out = Sources.prepared(
                Task.SCIENCE,
                good,
                good.replace("\"answerKey\": \"B\"", "\"answerKey\": \"E\""),
                good.replace(", \"80\"", ""),
                good.replace("\"level\"", "\"layer\""),
                "{\"question\": \"?\"}");
        assertThatThrownBy(() -> out.requireGood("source.jsonl"))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "source.jsonl:1: answerKey: must be one of [A, B, C, D], got 'E'",
                                        "source.jsonl:1: choices: expected a text for each of the labels [A, B, C, D], got 3 for [A, B, C, D]",
                                        "source.jsonl:1: details.level: missing; the fields are layer, task, subtask",
                                        "source.jsonl:1: details: expected an object; give records as SciKnowEval has them"));
    }

    /// Of the 507 questions that the self-distillation paper evaluates on 207 are in the subset at hand, one of
    /// them with other options; all others are the same bytes.
    @Test
    @Tag("data")
    void realRecords_givePromptsThatTheSelfDistillationPaperShips() {
        List<PreparedTask> tasks =
                TaskFiles.of("--input", List.of(SharedData.at("train/sciknoweval/chemistry_L3"))).stream()
                        .map(file -> {
                            PreparedTasks out = new PreparedTasks(Task.SCIENCE);
                            Task.SCIENCE.forEach(file, out::read);
                            return out;
                        })
                        .flatMap(out -> out.tasks().stream())
                        .toList();
        assertThat(tasks).hasSize(1470);
        assertThat(tasks).allMatch(task -> task.node().path("answer").asString().matches("[ABCD]"));
        Set<String> shipped = Sources.shipped("shipped-science.txt");
        assertThat(shipped).hasSize(507);
        assertThat(tasks.stream()
                        .filter(task -> shipped.contains(Sources.digest(Sources.content(task, 1))))
                        .count())
                .isEqualTo(206);
    }
}
