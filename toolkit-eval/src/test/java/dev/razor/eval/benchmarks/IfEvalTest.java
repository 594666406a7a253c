package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.ifeval.InstructionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IfEvalTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private List<GenerativeDocument> load(String line) throws IOException {
        Files.writeString(folder.resolve("input_data.jsonl"), line + "\n");
        return new IfEval().load(folder, 0);
    }

    @Test
    void marks_promptAndInstructions_strictAndLoose() throws IOException {
        GenerativeDocument document = load("{\"key\": 7, \"prompt\": \"Say.\", \"instruction_id_list\":"
                        + " [\"punctuation:no_comma\", \"startend:quotation\"], \"kwargs\": [{}, {\"num_words\": null}]}")
                .getFirst();
        assertThat(document.id()).isEqualTo("7");
        assertThat(document.prompt(new AnswerPrompt.Plain())).isEqualTo("Say.");
        assertThat(document.grader().grade("Sure:\n\"x\""))
                .containsEntry("prompt_level_strict_acc", List.of(0.0))
                .containsEntry("inst_level_strict_acc", List.of(1.0, 0.0))
                .containsEntry("prompt_level_loose_acc", List.of(1.0))
                .containsEntry("inst_level_loose_acc", List.of(1.0, 1.0));
    }

    @Test
    void load_mistakes_nameThePlace() {
        assertThatThrownBy(() -> load("{\"prompt\": \"p\", \"instruction_id_list\": [\"a:b\"], \"kwargs\": [{}]}"))
                .hasMessageContaining(
                        "input_data.jsonl:1: instruction_id_list names no known instruction, got \"a:b\"");
        assertThatThrownBy(() -> load("{\"prompt\": \"p\", \"instruction_id_list\":"
                        + " [\"keywords:existence\"], \"kwargs\": [{}]}"))
                .hasMessageContaining("kwargs: keywords:existence needs keywords");
        assertThatThrownBy(() -> load(
                        "{\"prompt\": \"p\", \"instruction_id_list\": [\"startend:quotation\"]," + " \"kwargs\": []}"))
                .hasMessageContaining("kwargs must be a list with an object for each");
    }

    @Test
    @Tag("data")
    void load_all541Prompts_everyKindIsThere() {
        List<GenerativeDocument> documents = new IfEval().load(SharedData.at("eval"), 0);
        assertThat(documents).hasSize(541);
        assertThat(documents.stream()
                        .flatMap(document -> Arrays.stream(document.target().split(", ")))
                        .collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(InstructionKind.values())
                        .map(InstructionKind::id)
                        .collect(Collectors.toSet()));
        // The 834 instructions of the data set; each has a verdict on any text.
        assertThat(documents.stream()
                        .mapToInt(document -> document.grader()
                                .grade("A plain text.")
                                .getOrDefault("inst_level_strict_acc", List.of())
                                .size())
                        .sum())
                .isEqualTo(834);
    }
}
