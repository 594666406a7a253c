package dev.razor.sft;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import java.nio.file.Path;

/// One record as tokens.
///
/// @param line where it lies in `file`, see [JsonRecord]
/// @param sequence its trained tokens marked
public record SftExample(Path file, int line, TokenSequence sequence) {

    /// Its place for messages.
    public String place() {
        return JsonRecord.place(file, line);
    }
}
