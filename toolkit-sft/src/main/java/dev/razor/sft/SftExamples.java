package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.ChatRecord;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.tokenizer.ChatTokens;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a data file into token sequences with a mark on every trained token.
///
/// Of a `{prompt, completion}` record the tokens of prompt and completion together are taken; those after the
/// tokens
/// of the prompt alone are trained, and the model's end token after them. Of a `{messages}` record every
/// assistant
/// turn is trained, with its end token.
public final class SftExamples {

    private static final Logger LOG = LoggerFactory.getLogger(SftExamples.class);

    private SftExamples() {}

    /// The sequences of `file`, in its order.
    ///
    /// @param maxLength tokens a sequence may have; longer ones are cut at their end
    /// @throws DataException naming file, line and field of a record that cannot be trained on
    public static List<TokenSequence> read(Path file, Tokenizer tokenizer, int vocabularySize, int maxLength) {
        List<TokenSequence> whole = Jsonl.map(Jsonl.read(file), record -> {
            TokenSequence sequence =
                    record.has("messages") ? fromMessages(record, tokenizer) : fromPrompt(record, tokenizer);
            requireKnownIds(record, sequence, vocabularySize);
            if (truncate(sequence, maxLength).predictions() == 0) {
                throw record.problem(
                        "%d tokens, of which nothing to train on is left within a max_length of %d (it cannot exceed the model's context); raise max_length or shorten the prompt"
                                .formatted(sequence.length(), maxLength));
            }
            return sequence;
        });
        long cut =
                whole.stream().filter(sequence -> sequence.length() > maxLength).count();
        if (cut > 0) {
            LOG.warn("{}: {} of {} records were cut to max_length = {} tokens", file, cut, whole.size(), maxLength);
        }
        return whole.stream().map(sequence -> truncate(sequence, maxLength)).toList();
    }

    private static TokenSequence fromPrompt(JsonRecord record, Tokenizer tokenizer) {
        if (!record.has("prompt") && !record.has("completion")) {
            throw record.problem("has neither messages nor prompt and completion; give one of the two forms");
        }
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
        try {
            ChatTokens tokens = ChatTokens.conversation(tokenizer, chat.messages(), chat.tools());
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

    private static TokenSequence truncate(TokenSequence sequence, int maxLength) {
        return sequence.length() <= maxLength
                ? sequence
                : new TokenSequence(
                        Arrays.copyOf(sequence.ids(), maxLength), Arrays.copyOf(sequence.marked(), maxLength));
    }
}
