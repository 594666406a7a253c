package dev.razor.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MathQuestionsTest {

    @TempDir
    private Path folder;

    @Test
    void prompt_isTheNearestPublicOne() {
        assertThat(MathQuestions.prompt("Is 100 % {all}?").toString())
                .isEqualTo(
                        "[{\"role\":\"user\",\"content\":\"Question: Is 100 % {all}?\\nPlease reason step by step, and put your final answer within \\\\boxed{}.\\n### Answer\\n\"}]");
    }

    @Test
    void prepare_readsAllForms() {
        PreparedTasks out = Sources.prepared(
                Task.MATH,
                "{\"turns\": [{\"from\": \"human\", \"value\": \"a?\"}, {\"from\": \"assistant\", \"ground_truth\": {\"value\": \"n^2\"}}]}",
                "{\"question\": \"b?\", \"answer\": \"1 + 1 = <<1+1=2>>2\\n#### 2\"}",
                "{\"problem\": \"c?\", \"solution\": \"so\", \"answer\": \"\\\\frac{1}{2}\"}");
        out.requireGood("math");
        assertThat(out.tasks().stream().map(task -> task.node().path("answer").asString()))
                .containsExactly("n^2", "2", "\\frac{1}{2}");
        assertThat(out.tasks().getFirst().node().propertyNames()).containsExactly("id", "prompt", "answer");
    }

    @Test
    void prepare_reportsWhatIsNoQuestion() {
        PreparedTasks out = Sources.prepared(
                Task.MATH,
                "{\"turns\": [{\"from\": \"human\", \"value\": \"a?\"}]}",
                "{\"turns\": [{\"from\": \"human\", \"value\": \"a?\"}, {\"from\": \"assistant\", \"value\": \"1\"}]}",
                "{\"question\": \"b?\", \"answer\": \" \"}",
                "{\"question\": \"\", \"answer\": \"1\"}");
        assertThatThrownBy(() -> out.requireGood("math"))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "source.jsonl:1: expected a turn from human and one from assistant, got 1 turns",
                                        "source.jsonl:1: turns[1].ground_truth: expected an object with a value",
                                        "source.jsonl:1: the answer is empty, so that nothing could be right; remove the record",
                                        "source.jsonl:1: the question is empty; remove the record"));
    }

    @Test
    void dialogues_areReadWithTheirLines_andOtherFilesAsEverywhere() throws IOException {
        Path dialogues = Files.writeString(folder.resolve("a.json"), "[\n[{\"from\": \"human\"}],\n[]\n]\n");
        Path objects = Files.writeString(folder.resolve("b.json"), "[{\"question\": \"b?\"},\n{\"question\": \"c?\"}]");
        Path lines = Files.writeString(folder.resolve("c.jsonl"), "{\"question\": \"b?\"}\n");
        List<JsonRecord> records = new ArrayList<>();
        for (Path file : List.of(dialogues, objects, lines)) {
            DialogueFile.forEach(file, records::add);
        }
        assertThat(records.stream().map(record -> record.place() + record.node()))
                .containsExactly(
                        dialogues + ":2{\"turns\":[{\"from\":\"human\"}]}",
                        dialogues + ":3{\"turns\":[]}",
                        objects + ":1{\"question\":\"b?\"}",
                        objects + ":2{\"question\":\"c?\"}",
                        lines + ":1{\"question\":\"b?\"}");
    }

    @Test
    void dialogues_thatAreCutShort_areOneLine() throws IOException {
        Path cut = Files.writeString(folder.resolve("cut.json"), "[\n[{\"from\": \"human\"}],\n[{\"from\": \"hu");
        assertThatThrownBy(() -> DialogueFile.forEach(cut, _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(cut + ":3: not valid JSON after this line's dialogue: ")
                .hasMessageEndingWith("; fetch the file again");
        Path broken = Files.writeString(folder.resolve("broken.json"), "[[{\"fr");
        assertThatThrownBy(() -> DialogueFile.forEach(broken, _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(broken + ":1: ");
        Path mixed = Files.writeString(folder.resolve("mixed.json"), "[[],\n{}]");
        assertThatThrownBy(() -> DialogueFile.forEach(mixed, _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(mixed + ":2: expected a list of turns as in the first record");
    }

    @Test
    @Tag("data")
    void realRecords_areAllRead() {
        List<PreparedTask> tasks = Sources.prepared(
                Task.MATH,
                SharedData.at("train/open-reasoner-zero/orz_math_57k_collected.subset.json"),
                SharedData.at("train/open-reasoner-zero/orz_math_72k_collection_extended.subset.json"));
        assertThat(tasks).hasSize(2750);
        assertThat(tasks.getFirst().node().path("answer").asString()).isEqualTo("431");
        assertThat(tasks).allMatch(task -> Sources.content(task, 0).endsWith("\\boxed{}.\n### Answer\n"));
        assertThat(Sources.prepared(Task.MATH, SharedData.at("train/gsm8k/train_1000.jsonl")))
                .hasSize(1000)
                .allMatch(task -> task.node().path("answer").asString().matches("-?[0-9,.]+"));
    }
}
