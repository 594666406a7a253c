package dev.razor.sft;

import org.jspecify.annotations.Nullable;

/// One record of a data file as tokens, as far as the reading of files is concerned; see [DataReading].
///
/// @param <T> the kind itself
public interface Example<T extends Example<T>> {

    /// Its place for messages.
    String place();

    /// Tokens of its longest sequence.
    int length();

    /// What is trained of one that is longer than it may be, or null where it is left out.
    @Nullable
    T shortened(LengthLimit limit);
}
