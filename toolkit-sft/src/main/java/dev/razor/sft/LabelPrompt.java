package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Problems;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardFunctions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A prompt that a label is to be sampled for, and the record that a reward reads.
record LabelPrompt(JsonRecord record, int[] ids) {

    /// The prompts of `records`, as `prompt`, `prompt_ids` or `messages`. A `completion` beside them is not read:
    /// the teacher writes a new one.
    ///
    /// @param student the model that is trained, whose tokenizer reads text
    /// @param maxLength tokens that prompt and label may have together
    /// @throws dev.razor.core.base.DataException naming file, line and field of each record that cannot be used
    static List<LabelPrompt> of(
            List<JsonRecord> records, PretrainedModel student, @Nullable RewardFunctions reward, int maxLength) {
        List<LabelPrompt> prompts = new ArrayList<>();
        Problems problems = new Problems();
        for (JsonRecord record : records) {
            try {
                prompts.add(of(record, student, reward, maxLength));
            } catch (DataException e) {
                problems.add(e);
            }
        }
        problems.throwIfAny("data");
        return List.copyOf(prompts);
    }

    private static LabelPrompt of(
            JsonRecord record, PretrainedModel student, @Nullable RewardFunctions reward, int maxLength) {
        if (reward != null) {
            reward.require(record);
        }
        int[] ids = PromptIds.of(record, student);
        if (ids.length >= maxLength) {
            throw record.problem(
                    PromptIds.form(record),
                    "has %d tokens, which leaves no room for a label within a max_length of %d; raise max_length or shorten the prompt"
                            .formatted(ids.length, maxLength));
        }
        return new LabelPrompt(record, ids);
    }
}
