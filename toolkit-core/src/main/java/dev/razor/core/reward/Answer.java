package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;

/// A completion to be judged.
///
/// @param record the prompt's record, with what the rewards read
/// @param text the completion without special tokens
public record Answer(JsonRecord record, String text) {}
