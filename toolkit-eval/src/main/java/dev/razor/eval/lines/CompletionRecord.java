package dev.razor.eval.lines;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.eval.EncodePair;
import dev.razor.eval.PythonStrings;
import dev.razor.eval.TokenizedRequest;
import java.util.List;

/// The tokens of a record that has a prompt (`prompt`, `prompt_ids` or `messages`) and its completion
/// (`completion` or `completion_ids`).
///
/// Text after text is joined and cut into tokens as [EncodePair] does, the text of `messages` being what the chat
/// template makes of them with its generation prompt. Ids are taken as they are, and the text beside them is
/// tokenised alone.
public final class CompletionRecord {

    private static final List<String> FORMS = List.of("completion", "completion_ids");

    private CompletionRecord() {}

    /// Prompt and completion of a record.
    ///
    /// @throws DataException naming file, line and field where prompt or completion is missing, empty, holds
    ///     ids that the model does not have, or is too long for its context
    public static TokenizedRequest of(JsonRecord record, PretrainedModel model) {
        String form = form(record);
        TokenizedRequest request = switch (form) {
            case "completion" -> withText(record, model);
            default -> new TokenizedRequest(PromptIds.of(record, model), notEmpty(record, form, record.intArray(form)));
        };
        int vocabulary = model.model().vocabularySize();
        PromptIds.requireKnown(record, PromptIds.form(record), request.contextIds(), vocabulary);
        PromptIds.requireKnown(record, form, request.continuationIds(), vocabulary);
        int length = request.contextIds().length + request.continuationIds().length;
        if (length > model.model().contextLength()) {
            throw record.problem("has %d tokens, more than the model's context of %d; shorten it"
                    .formatted(length, model.model().contextLength()));
        }
        return request;
    }

    private static String form(JsonRecord record) {
        List<String> given = FORMS.stream().filter(record::has).toList();
        if (given.size() != 1) {
            throw record.problem("has %s; give exactly one of completion and completion_ids"
                    .formatted(given.isEmpty() ? "no completion" : String.join(" and ", given)));
        }
        return given.getFirst();
    }

    private static TokenizedRequest withText(JsonRecord record, PretrainedModel model) {
        String completion = record.text("completion");
        String form = PromptIds.form(record);
        // White space at the end of a prompt moves into the completion.
        boolean moves = record.has("prompt")
                && !PromptIds.isConversation(record)
                && !PythonStrings.rstrip(record.text("prompt")).equals(record.text("prompt"));
        if (completion.isEmpty() && !moves) {
            throw record.problem("completion", "is empty; a completion needs at least one token");
        }
        return switch (form) {
            case "prompt", "messages" -> pair(record, model, promptText(record, model), completion);
            default ->
                new TokenizedRequest(
                        PromptIds.of(record, model),
                        notEmpty(record, "completion", model.tokenizer().encode(completion)));
        };
    }

    private static String promptText(JsonRecord record, PretrainedModel model) {
        return PromptIds.isConversation(record)
                ? PromptIds.conversation(record, model.tokenizer())
                : record.text("prompt");
    }

    private static TokenizedRequest pair(JsonRecord record, PretrainedModel model, String prompt, String completion) {
        String where = record.place();
        // Too long is refused by the caller: unlike a benchmark's, a user's prompt is not cut without being asked.
        return EncodePair.of(model.tokenizer(), Integer.MAX_VALUE - 1)
                .encode(where, prompt, completion)
                .request();
    }

    private static int[] notEmpty(JsonRecord record, String key, int[] ids) {
        if (ids.length == 0) {
            throw record.problem(key, "is empty; a completion needs at least one token");
        }
        return ids;
    }
}
