package dev.razor.core.pretrained;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/// The tokens of a record's prompt, which is one of `prompt` (text, or TRL's list of messages), `prompt_ids`
/// (tokens) and `messages`. Messages are rendered by the model's chat template with its generation prompt, and
/// `tools` where given.
public final class PromptIds {

    private static final List<String> FORMS = List.of("prompt", "prompt_ids", "messages");

    private PromptIds() {}

    /// The prompt of a record.
    ///
    /// @throws DataException naming file, line and field where there is no such prompt, it is empty, it holds ids
    ///     that the model does not have, or it leaves no room in the model's context
    public static int[] of(JsonRecord record, PretrainedModel model) {
        String form = form(record);
        int[] ids = switch (form) {
            case "prompt_ids" -> record.intArray("prompt_ids");
            default ->
                isConversation(record)
                        ? ofMessages(record, model.tokenizer())
                        : ofText(record.text("prompt"), model.tokenizer());
        };
        if (ids.length == 0) {
            throw record.problem(form, "is empty; a prompt needs at least one token");
        }
        requireKnown(record, form, ids, model.model().vocabularySize());
        if (ids.length >= model.model().contextLength()) {
            throw record.problem(
                    form,
                    "has %d tokens, which leaves no room in the model's context of %d; shorten it"
                            .formatted(ids.length, model.model().contextLength()));
        }
        return ids;
    }

    /// Which of the three fields the record has.
    ///
    /// @throws DataException if it has none of them or several
    public static String form(JsonRecord record) {
        List<String> given = FORMS.stream().filter(record::has).toList();
        if (given.size() != 1) {
            throw record.problem("has %s; give exactly one of prompt, prompt_ids and messages"
                    .formatted(given.isEmpty() ? "no prompt" : String.join(" and ", given)));
        }
        return given.getFirst();
    }

    /// Whether the prompt is a conversation, `messages` or a `prompt` that is a list of them.
    public static boolean isConversation(JsonRecord record) {
        return record.has("messages") || record.node().path("prompt").isArray();
    }

    /// Throws unless all `ids`, the record's field `key`, are in the vocabulary.
    public static void requireKnown(JsonRecord record, String key, int[] ids, int vocabularySize) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw record.problem(
                        key, "holds token %d; the model's ids are 0 to %d".formatted(id, vocabularySize - 1));
            }
        }
    }

    /// The tokens of a text that opens a context, after the bos token where the tokenizer puts one there and
    /// the text does not begin with it already.
    public static int[] ofText(String text, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(text);
        OptionalInt bos = tokenizer.bosTokenId();
        boolean begins = bos.isPresent() && ids.length > 0 && ids[0] == bos.getAsInt();
        if (!tokenizer.addBosToken() || bos.isEmpty() || begins) {
            return ids;
        }
        int[] begun = new int[ids.length + 1];
        begun[0] = bos.getAsInt();
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    private static int[] ofMessages(JsonRecord record, Tokenizer tokenizer) {
        String text = conversation(record, tokenizer);
        try {
            return tokenizer.encode(text);
        } catch (DataException e) {
            throw record.problem(String.join("; ", e.problems()));
        }
    }

    /// The text of the record's `messages`, or of its `prompt` that is a list of them, up to where the
    /// assistant's answer begins.
    ///
    /// @throws DataException naming file, line and field of what is no conversation, or none to be answered
    public static String conversation(JsonRecord record, Tokenizer tokenizer) {
        ChatRecord chat = record.has("messages") ? ChatRecord.of(record) : ofPrompt(record);
        try {
            return tokenizer.requireChatTemplate().render(chat.messages(), chat.tools(), true);
        } catch (DataException e) {
            throw record.problem(String.join("; ", e.problems()));
        }
    }

    private static ChatRecord ofPrompt(JsonRecord record) {
        ChatRecord chat = new ChatRecord(ChatRecord.messages(record, "prompt"), ChatRecord.tools(record));
        if (Objects.equals(chat.messages().getLast().get("role"), "assistant")) {
            throw record.problem(
                    "prompt", "ends with a turn of the assistant, so that there is nothing to answer; remove it");
        }
        return chat;
    }

    /// The text of `ids` after `stop` tokens at their end are dropped and special tokens left out.
    public static String text(int[] ids, Tokenizer tokenizer) {
        int end = ids.length;
        int[] stops = tokenizer.stopTokenIds();
        while (end > 0 && isStop(ids[end - 1], stops)) {
            end--;
        }
        return tokenizer.decode(Arrays.copyOf(ids, end), true);
    }

    private static boolean isStop(int id, int[] stops) {
        return Arrays.stream(stops).anyMatch(stop -> stop == id);
    }
}
