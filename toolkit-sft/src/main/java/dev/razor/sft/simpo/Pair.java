package dev.razor.sft.simpo;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.sft.Example;
import dev.razor.sft.LengthLimit;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A prompt with the answer to be preferred and with the other one, as tokens.
///
/// @param line where it lies in `file`, see [JsonRecord]
/// @param chosen prompt and chosen answer, the answer's tokens marked
/// @param rejected prompt and rejected answer, likewise
public record Pair(Path file, int line, TokenSequence chosen, TokenSequence rejected) implements Example<Pair> {

    @Override
    public String place() {
        return JsonRecord.place(file, line);
    }

    /// Tokens of the longer side.
    @Override
    public int length() {
        return Math.max(chosen.length(), rejected.length());
    }

    /// Whether both answers are the same, so that there is nothing to prefer: the derivative of any loss of their
    /// difference is zero.
    boolean isTie() {
        return Arrays.equals(chosen.ids(), rejected.ids()) && Arrays.equals(chosen.marked(), rejected.marked());
    }

    /// Both sides within the limit, or null where one of them would be left out, or where the parts that remain
    /// are the same.
    @Override
    public @Nullable Pair shortened(LengthLimit limit) {
        TokenSequence keptChosen = within(chosen, limit);
        TokenSequence keptRejected = within(rejected, limit);
        if (keptChosen == null || keptRejected == null) {
            return null;
        }
        Pair kept = new Pair(file, line, keptChosen, keptRejected);
        return kept.isTie() ? null : kept;
    }

    private static @Nullable TokenSequence within(TokenSequence sequence, LengthLimit limit) {
        return limit.isExceededBy(sequence) ? limit.shortened(sequence) : sequence;
    }
}
