package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.ChatRecord;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.tokenizer.ChatTokens;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a data file into token sequences with a mark on every trained token.
///
/// Of a `{prompt, completion}` record of texts the tokens of prompt and completion together are taken; those
/// after
/// the tokens of the prompt alone are trained, and the model's end token after them. Of a `{messages}` record
/// every assistant turn is trained, with its end token, and where prompt and completion are lists of messages,
/// every
/// assistant turn of the completion.
public final class SftExamples {

    private static final String ASSISTANT = "assistant";

    private SftExamples() {}

    /// The sequences of `file`, in its order and at their full length.
    ///
    /// @throws DataException naming file, line and field of each record that cannot be trained on, and the
    ///     records
    ///     with which another form begins
    public static List<SftExample> read(Path file, Tokenizer tokenizer, int vocabularySize) {
        Map<SftForm, JsonRecord> firstOfForm = new EnumMap<>(SftForm.class);
        return DataFiles.map(file, record -> {
            SftForm form = SftForm.of(record);
            requireOneForm(record, form, firstOfForm);
            TokenSequence sequence = switch (form) {
                case MESSAGES -> fromMessages(record, tokenizer);
                case TEXT -> fromText(record, tokenizer);
                case CONVERSATION -> fromConversation(record, tokenizer);
            };
            requireKnownIds(record, sequence, vocabularySize);
            if (sequence.predictions() == 0) {
                throw record.problem("nothing to train on; remove the record");
            }
            return new SftExample(file, record.line(), sequence);
        });
    }

    /// Each form beyond the file's first is told once.
    private static void requireOneForm(JsonRecord record, SftForm form, Map<SftForm, JsonRecord> firstOfForm) {
        boolean isNew = firstOfForm.putIfAbsent(form, record) == null;
        if (isNew && firstOfForm.size() > 1) {
            JsonRecord first = firstOfForm.values().stream()
                    .min((a, b) -> Integer.compare(a.line(), b.line()))
                    .orElseThrow();
            SftForm expected = SftForm.of(first);
            throw record.problem("has %s, but the first record (%s) has %s; give each form a file of its own"
                    .formatted(form.shown(), first.place(), expected.shown()));
        }
    }

    private static TokenSequence fromText(JsonRecord record, Tokenizer tokenizer) {
        String prompt = record.text("prompt");
        String completion = record.text("completion");
        if (completion.isEmpty()) {
            throw record.problem("completion", "is empty; there is nothing to train on, remove the record");
        }
        int[] promptIds = PromptIds.ofText(prompt, tokenizer);
        int[] ids = PromptIds.ofText(prompt + completion, tokenizer);
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = endToken(tokenizer);
        return TokenSequence.of(
                Arrays.copyOf(ended, Math.min(promptIds.length, ids.length)),
                Arrays.copyOfRange(ended, Math.min(promptIds.length, ids.length), ended.length));
    }

    private static TokenSequence fromMessages(JsonRecord record, Tokenizer tokenizer) {
        ChatRecord chat = ChatRecord.of(record);
        requireContent(record, "messages");
        return marked(record, () -> ChatTokens.conversation(tokenizer, chat.messages(), chat.tools()));
    }

    private static TokenSequence fromConversation(JsonRecord record, Tokenizer tokenizer) {
        List<Map<String, @Nullable Object>> prompt = ChatRecord.messages(record, "prompt");
        List<Map<String, @Nullable Object>> completion = ChatRecord.messages(record, "completion");
        if (Objects.equals(prompt.getLast().get("role"), ASSISTANT)) {
            throw record.problem("prompt", "ends with a turn of the assistant; put that into the completion");
        }
        requireContent(record, "completion");
        return marked(record, () -> ChatTokens.conversation(tokenizer, prompt, completion, ChatRecord.tools(record)));
    }

    /// An assistant says something or calls a tool.
    private static void requireContent(JsonRecord record, String key) {
        for (JsonRecord message : record.objects(key)) {
            boolean silent = message.node().path("content").asString("").isEmpty()
                    && message.node().path("tool_calls").isEmpty();
            if (message.text("role").equals(ASSISTANT) && silent) {
                throw message.problem("content", "is empty; there is nothing to train on, remove the record");
            }
        }
    }

    private static TokenSequence marked(JsonRecord record, Supplier<ChatTokens> conversation) {
        try {
            ChatTokens tokens = conversation.get();
            return new TokenSequence(tokens.ids(), tokens.trained());
        } catch (DataException e) {
            throw record.problem(String.join("; ", e.problems()));
        }
    }

    private static int endToken(Tokenizer tokenizer) {
        return tokenizer
                .eosTokenId()
                .orElseThrow(
                        () -> new DataException(
                                "tokenizer_config.json: eos_token is missing, so nothing would teach the model to stop; name the end token there"));
    }

    private static void requireKnownIds(JsonRecord record, TokenSequence sequence, int vocabularySize) {
        for (int id : sequence.ids()) {
            if (id < 0 || id >= vocabularySize) {
                throw record.problem(
                        "holds token %d, but the model's vocabulary has %d ids; tokenizer and model are of different families"
                                .formatted(id, vocabularySize));
            }
        }
    }
}
