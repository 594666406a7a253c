package dev.razor.sft;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One record as tokens.
///
/// @param line where it lies in `file`, see [JsonRecord]
/// @param sequence its trained tokens marked
public record SftExample(Path file, int line, TokenSequence sequence) implements Example<SftExample> {

    @Override
    public String place() {
        return JsonRecord.place(file, line);
    }

    @Override
    public int length() {
        return sequence.length();
    }

    @Override
    public @Nullable SftExample shortened(LengthLimit limit) {
        TokenSequence cut = limit.shortened(sequence);
        return cut == null ? null : new SftExample(file, line, cut);
    }
}
