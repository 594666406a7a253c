package dev.razor.sft.simpo;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.ChatRecord;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.sft.OneForm;
import dev.razor.sft.SftExamples;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a file of preferences into pairs.
///
/// `chosen` and `rejected` each become what SFT makes of a `completion` with the same `prompt` ([SftExamples]).
/// Where they are whole conversations, the messages with which both begin are the prompt.
final class PairFile {

    private PairFile() {}

    /// The pairs of `file`, in its order and at their full length, those with two equal answers too.
    ///
    /// @throws DataException naming file, line and field of each record that cannot be used, and the records with
    ///     which another form begins
    static List<Pair> read(Path file, Tokenizer tokenizer, int vocabularySize) {
        OneForm<PairForm> forms = new OneForm<>(PairForm.class, PairForm::shown);
        return DataFiles.map(file, record -> {
            PairForm form = PairForm.of(record);
            forms.require(record, form);
            return switch (form) {
                case TEXT, CONVERSATION ->
                    pair(
                            record,
                            SftExamples.answer(record, "chosen", tokenizer, vocabularySize),
                            SftExamples.answer(record, "rejected", tokenizer, vocabularySize));
                case WHOLE -> {
                    int prompt = sharedMessages(record);
                    yield pair(
                            record,
                            SftExamples.endOf(record, "chosen", prompt, tokenizer, vocabularySize),
                            SftExamples.endOf(record, "rejected", prompt, tokenizer, vocabularySize));
                }
            };
        });
    }

    private static Pair pair(JsonRecord record, TokenSequence chosen, TokenSequence rejected) {
        return new Pair(record.file(), record.line(), chosen, rejected);
    }

    /// How many messages belong to the prompt: those with which both conversations begin, and of two equal ones
    /// all but the last.
    private static int sharedMessages(JsonRecord record) {
        List<Map<String, @Nullable Object>> chosen = ChatRecord.messages(record, "chosen");
        List<Map<String, @Nullable Object>> rejected = ChatRecord.messages(record, "rejected");
        int shared = 0;
        while (shared < Math.min(chosen.size(), rejected.size())
                && chosen.get(shared).equals(rejected.get(shared))) {
            shared++;
        }
        if (shared == chosen.size() && shared == rejected.size()) {
            shared--;
        }
        if (shared == 0) {
            throw record.problem(
                    "chosen and rejected have no first message in common, which would be the prompt; give a prompt of its own");
        }
        requireAnswer(record, "chosen", chosen, shared);
        requireAnswer(record, "rejected", rejected, shared);
        return shared;
    }

    private static void requireAnswer(
            JsonRecord record, String key, List<Map<String, @Nullable Object>> messages, int shared) {
        if (messages.size() == shared) {
            throw record.problem(key, "is no more than the other one begins with; give it an answer");
        }
        if (!Objects.equals(messages.get(shared).get("role"), "assistant")) {
            throw record.problem(
                    key,
                    "differs first in message %d, whose role is %s; the conversations must be the same up to an answer of the assistant"
                            .formatted(shared, messages.get(shared).get("role")));
        }
    }
}
