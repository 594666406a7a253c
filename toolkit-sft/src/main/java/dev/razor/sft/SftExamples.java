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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a data file into token sequences with a mark on every trained token.
///
/// Of a `{prompt, completion}` record of texts the tokens of prompt and completion together are taken; those
/// after the tokens of the prompt alone are trained, and the model's end token after them. Of a `{messages}`
/// record every assistant turn is trained, with its end token, and where prompt and completion are lists of
/// messages, every assistant turn of the completion. [#answer] makes the same of a completion that stands in
/// another field.
public final class SftExamples {

    private static final String ASSISTANT = "assistant";
    private static final Pattern COMPLETION = Pattern.compile("completion(?:\\[(\\d+)])?(?=:)");

    private SftExamples() {}

    /// The sequences of `file`, in its order and at their full length.
    ///
    /// @throws DataException naming file, line and field of each record that cannot be trained on, and the
    ///     records with which another form begins
    public static List<SftExample> read(Path file, Tokenizer tokenizer, int vocabularySize) {
        OneForm<SftForm> forms = new OneForm<>(SftForm.class, SftForm::shown);
        return DataFiles.map(file, record -> {
            SftForm form = SftForm.of(record);
            forms.require(record, form);
            TokenSequence sequence = switch (form) {
                case MESSAGES -> fromMessages(record, tokenizer);
                case TEXT -> fromText(record, "completion", tokenizer);
                case CONVERSATION -> fromConversation(record, "completion", tokenizer);
            };
            return new SftExample(file, record.line(), usable(record, sequence, vocabularySize));
        });
    }

    /// The sequence of a record's `prompt` and the answer to it in the field `key`, both texts or both lists of
    /// messages.
    ///
    /// @throws DataException naming file, line and field of what cannot be trained on
    public static TokenSequence answer(JsonRecord record, String key, Tokenizer tokenizer, int vocabularySize) {
        TokenSequence sequence = record.node().path("prompt").isArray()
                ? fromConversation(record, key, tokenizer)
                : fromText(record, key, tokenizer);
        return usable(record, sequence, vocabularySize);
    }

    /// The sequence of a record's whole conversation in the field `key`, of which the assistant's turns from
    /// message `from` on are trained.
    ///
    /// @throws DataException naming file, line and field of what cannot be trained on
    public static TokenSequence endOf(
            JsonRecord record, String key, int from, Tokenizer tokenizer, int vocabularySize) {
        List<Map<String, @Nullable Object>> messages = ChatRecord.messages(record, key);
        TokenSequence sequence = conversation(record, key, messages, from, 0, tokenizer);
        return usable(record, sequence, vocabularySize);
    }

    private static TokenSequence fromText(JsonRecord record, String key, Tokenizer tokenizer) {
        String prompt = record.text("prompt");
        String completion = record.text(key);
        if (completion.isEmpty()) {
            throw record.problem(key, "is empty; there is nothing to train on, remove the record");
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
        requireContent(record, "messages", 0);
        return marked(
                record,
                UnaryOperator.identity(),
                () -> ChatTokens.conversation(tokenizer, chat.messages(), chat.tools()));
    }

    private static TokenSequence fromConversation(JsonRecord record, String key, Tokenizer tokenizer) {
        List<Map<String, @Nullable Object>> messages = ChatRecord.messages(record, "prompt");
        int prompt = messages.size();
        if (Objects.equals(messages.getLast().get("role"), ASSISTANT)) {
            throw record.problem("prompt", "ends with a turn of the assistant; put that into the %s".formatted(key));
        }
        messages.addAll(ChatRecord.messages(record, key));
        return conversation(record, key, messages, prompt, prompt, tokenizer);
    }

    /// @param from the first message that may be trained
    /// @param first the message with which the field `key` begins
    private static TokenSequence conversation(
            JsonRecord record,
            String key,
            List<Map<String, @Nullable Object>> messages,
            int from,
            int first,
            Tokenizer tokenizer) {
        requireContent(record, key, from - first);
        return marked(
                record,
                problem -> inField(problem, key, from - first),
                () -> ChatTokens.conversation(
                        tokenizer,
                        messages.subList(0, from),
                        messages.subList(from, messages.size()),
                        ChatRecord.tools(record)));
    }

    /// A problem of the turn `completion[i]` told as one of the field's own message.
    private static String inField(String problem, String key, int offset) {
        Matcher turn = COMPLETION.matcher(problem);
        if (!turn.lookingAt()) {
            return problem;
        }
        String at = turn.group(1) == null ? "" : "[" + (Integer.parseInt(turn.group(1)) + offset) + "]";
        return key + at + problem.substring(turn.end());
    }

    /// An assistant says something or calls a tool, from message `from` of the field on.
    private static void requireContent(JsonRecord record, String key, int from) {
        for (JsonRecord message : record.objects(key).stream().skip(from).toList()) {
            boolean silent = message.node().path("content").asString("").isEmpty()
                    && message.node().path("tool_calls").isEmpty();
            if (message.text("role").equals(ASSISTANT) && silent) {
                throw message.problem("content", "is empty; there is nothing to train on, remove the record");
            }
        }
    }

    private static TokenSequence marked(
            JsonRecord record, UnaryOperator<String> told, Supplier<ChatTokens> conversation) {
        try {
            ChatTokens tokens = conversation.get();
            return new TokenSequence(tokens.ids(), tokens.trained());
        } catch (DataException e) {
            throw record.problem(e.problems().stream().map(told).collect(Collectors.joining("; ")));
        }
    }

    private static int endToken(Tokenizer tokenizer) {
        return tokenizer
                .eosTokenId()
                .orElseThrow(
                        () -> new DataException(
                                "tokenizer_config.json: eos_token is missing, so nothing would teach the model to stop; name the end token there"));
    }

    /// The sequence itself, if the model knows its tokens and one of them is trained.
    private static TokenSequence usable(JsonRecord record, TokenSequence sequence, int vocabularySize) {
        for (int id : sequence.ids()) {
            if (id < 0 || id >= vocabularySize) {
                throw record.problem(
                        "holds token %d, but the model's vocabulary has %d ids; tokenizer and model are of different families"
                                .formatted(id, vocabularySize));
            }
        }
        if (sequence.predictions() == 0) {
            throw record.problem("nothing to train on; remove the record");
        }
        return sequence;
    }
}
