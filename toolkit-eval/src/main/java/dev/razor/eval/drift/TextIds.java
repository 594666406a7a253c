package dev.razor.eval.drift;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The tokens of a file of texts: records with `text`, or with one of `prompt`, `prompt_ids`, `messages`.
public final class TextIds {

    private TextIds() {}

    /// The first `maxLength` tokens of each record.
    ///
    /// @param model whose tokenizer and chat template read text
    /// @throws DataException if a record cannot be used, or there is none
    public static List<int[]> read(Path file, PretrainedModel model, int maxLength) {
        List<int[]> texts = DataFiles.map(file, record -> {
            int[] ids = of(record, model);
            return ids.length > maxLength ? Arrays.copyOf(ids, maxLength) : ids;
        });
        if (texts.isEmpty()) {
            throw new DataException("%s: holds no texts; give at least one record".formatted(file));
        }
        return texts;
    }

    private static int[] of(JsonRecord record, PretrainedModel model) {
        if (!record.has("text")) {
            return PromptIds.of(record, model);
        }
        int[] ids = PromptIds.ofText(record.text("text"), model.tokenizer());
        if (ids.length == 0) {
            throw record.problem("text", "is empty; a text needs at least one token");
        }
        return ids;
    }
}
