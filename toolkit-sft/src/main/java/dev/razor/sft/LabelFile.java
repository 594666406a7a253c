package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.JsonlWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The labels of one epoch as a file, a line a label:
///
/// ```
/// {"prompt_index": 3, "prompt_ids": [..], "completion_ids": [..], "text": " 42", "samples": 2}
/// ```
final class LabelFile {

    private LabelFile() {}

    /// Publishes `labels`, all or none.
    static void write(Path file, List<Label> labels) {
        try (JsonlWriter out = JsonlWriter.create(file)) {
            for (Label label : labels) {
                ObjectNode line = JsonMapper.shared().createObjectNode();
                line.put("prompt_index", label.prompt());
                Arrays.stream(label.promptIds()).forEach(line.putArray("prompt_ids")::add);
                Arrays.stream(label.completionIds()).forEach(line.putArray("completion_ids")::add);
                line.put("text", label.text());
                line.put("samples", label.samples());
                out.write(line);
            }
            out.commit();
        }
    }

    /// The labels that [#write] published.
    ///
    /// @throws DataException if a line is damaged, or is not of the run's prompts
    static List<Label> read(Path file, List<LabelPrompt> prompts, int vocabularySize) {
        return DataFiles.map(file, record -> label(record, prompts, vocabularySize));
    }

    private static Label label(JsonRecord record, List<LabelPrompt> prompts, int vocabularySize) {
        int prompt = record.integer("prompt_index");
        int[] promptIds = record.intArray("prompt_ids");
        if (prompt < 0
                || prompt >= prompts.size()
                || !Arrays.equals(promptIds, prompts.get(prompt).ids())) {
            throw record.problem(
                    "prompt_index",
                    "prompt %d of the data is another one; the data has changed since the labels were sampled, start a new run"
                            .formatted(prompt));
        }
        int[] completionIds = record.intArray("completion_ids");
        if (completionIds.length == 0 || Arrays.stream(completionIds).anyMatch(id -> id < 0 || id >= vocabularySize)) {
            throw record.problem(
                    "completion_ids",
                    "must be tokens of the vocabulary, which has %d ids; delete the file to sample its labels again"
                            .formatted(vocabularySize));
        }
        return new Label(prompt, promptIds, completionIds, record.text("text"), record.integer("samples"));
    }
}
