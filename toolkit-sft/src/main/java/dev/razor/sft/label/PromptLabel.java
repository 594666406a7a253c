package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What came of one prompt, as a line of the file of work in progress.
///
/// @param prompt the prompt's place in the data, from 0
/// @param chosen the first right sample, or null
/// @param rejected the first wrong one, where one was wanted, or null
/// @param counts of its samples
record PromptLabel(
        int prompt, @Nullable String chosen, @Nullable String rejected, LabelCounts counts) {

    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("prompt_index", prompt);
        json.put("chosen", chosen);
        json.put("rejected", rejected);
        return counts.addTo(json);
    }

    /// Whether there is a label: a right sample and, for `pairs`, a wrong one.
    boolean complete(boolean pairs) {
        return chosen != null && (!pairs || rejected != null);
    }

    /// Whether the search ended without a label because requests failed.
    boolean givenUp(boolean pairs) {
        return !complete(pairs) && counts.givenUp();
    }

    /// @throws dev.razor.core.base.DataException if the line is damaged
    static PromptLabel of(JsonRecord line) {
        return new PromptLabel(
                line.integer("prompt_index"),
                line.optionalText("chosen"),
                line.optionalText("rejected"),
                LabelCounts.of(line));
    }
}
