package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.JsonlWriter;
import dev.razor.core.pretrained.PromptIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The labelled records, in the order of the data, in the forms that SFT and SimPO read:
///
/// ```
/// {"id", "prompt": [...], "completion": [{"role": "assistant", "content": "..."}], "samples": 2, ...}
/// {"prompt": "...", "completion": "...", "samples": 2, ...}
/// {"prompt": ..., "chosen": ..., "rejected": ..., "samples": 2, ...}                       with rejected: true
/// ```
///
/// What is left out of a record is what is written anew; all its other fields follow.
final class LabelOutput {

    private static final Set<String> OWN =
            Set.of("id", "prompt", "messages", "completion", "chosen", "rejected", "samples");

    private LabelOutput() {}

    /// Publishes the file.
    ///
    /// @param pairs whether chosen and rejected are written
    static void write(Path output, List<JsonRecord> records, LabelJournal journal, boolean pairs) {
        try (JsonlWriter out = JsonlWriter.create(output)) {
            for (int i = 0; i < records.size(); i++) {
                PromptLabel label = journal.read(i);
                if (label.complete(pairs)) {
                    out.write(line(records.get(i), label, pairs));
                }
            }
            out.commit();
        }
    }

    private static ObjectNode line(JsonRecord record, PromptLabel label, boolean pairs) {
        boolean conversation = PromptIds.isConversation(record);
        ObjectNode line = JsonMapper.shared().createObjectNode();
        if (record.node().has("id")) {
            line.set("id", record.node().get("id"));
        }
        line.set("prompt", record.node().get(PromptIds.form(record)));
        if (pairs) {
            line.set("chosen", text(label.chosen(), conversation));
            line.set("rejected", text(label.rejected(), conversation));
        } else {
            line.set("completion", text(label.chosen(), conversation));
        }
        line.put("samples", label.counts().samples());
        record.node().properties().forEach(field -> {
            if (!OWN.contains(field.getKey())) {
                line.set(field.getKey(), field.getValue());
            }
        });
        return line;
    }

    private static JsonNode text(@Nullable String text, boolean conversation) {
        if (!conversation) {
            return JsonMapper.shared().getNodeFactory().stringNode(text);
        }
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        messages.addObject().put("role", "assistant").put("content", text);
        return messages;
    }
}
